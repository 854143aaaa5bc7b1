/*
 * A child whose parent dies first would have no parent to wait for it: it would
 * stay a zombie for ever, or getppid() would name a stranger.
 */
#include "check.h"

int main(void)
{
	int fds[2];
	pid_t middle;
	long parents[2] = { -1, -1 };

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	middle = check_fork();
	if (middle == 0) {
		long self = sys(SYS_getpid);

		if (check_fork())
			_exit(0);
		parents[0] = sys(SYS_getppid);
		while (sys(SYS_getppid) == self)
			sys(SYS_sched_yield);
		parents[1] = sys(SYS_getppid);
		sys(SYS_write, fds[1], parents, sizeof(parents));
		_exit(0);
	}
	check_child(middle);
	CHECK_EQ(sys(SYS_close, fds[1]), 0);
	CHECK_EQ(sys(SYS_read, fds[0], parents, sizeof(parents)),
		 sizeof(parents));
	CHECK(parents[1] != middle && parents[1] >= 0);
	CHECK_EQ(sys(SYS_wait4, -1, 0, 0, 0), -ECHILD);	/* not ours either */
	return check_passed();
}
