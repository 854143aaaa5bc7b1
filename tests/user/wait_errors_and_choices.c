/* make -j and init would wait for the wrong child, or for ever. */
#include <time.h>

#include "check.h"

int main(void)
{
	struct timespec while_it_ends = { .tv_nsec = 20000000 };
	int status = -1, fds[2];
	pid_t one, two;
	char byte;

	CHECK_EQ(sys(SYS_wait4, -1, &status, 0, 0), -ECHILD);
	CHECK_EQ(sys(SYS_wait4, -1, &status, WNOHANG, 0), -ECHILD);
	CHECK_EQ(sys(SYS_wait4, sys(SYS_getpid), &status, 0, 0), -ECHILD);
	CHECK_EQ(sys(SYS_wait4, 1, &status, 0, 0), -ECHILD);
	CHECK_EQ(sys(SYS_wait4, -1, &status, 0x10000, 0), -EINVAL);

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	one = check_fork();
	if (one == 0) {		/* lives until the pipe closes */
		sys(SYS_close, fds[1]);
		sys(SYS_read, fds[0], &byte, 1);
		_exit(1);
	}
	two = check_fork();
	if (two == 0)
		_exit(2);

	CHECK_EQ(sys(SYS_wait4, one, &status, WNOHANG, 0), 0);
	CHECK_EQ(check_wait(two), EXITED(2));	/* the younger one first */
	CHECK_EQ(sys(SYS_wait4, two, &status, 0, 0), -ECHILD);
	CHECK_EQ(sys(SYS_wait4, -1, &status, WNOHANG, 0), 0);
	sys(SYS_close, fds[1]);
	CHECK_EQ(sys(SYS_wait4, -1, &status, 0, 0), one);
	CHECK_EQ(status, EXITED(1));

	/* Without a place for the status, and a zombie that waits for us. */
	one = check_fork();
	if (one == 0)
		_exit(3);
	sys(SYS_nanosleep, &while_it_ends, 0);
	CHECK_EQ(sys(SYS_wait4, one, 0, WNOHANG, 0), one);
	return check_passed();
}
