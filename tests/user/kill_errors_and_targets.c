/* A supervisor would kill the wrong process, or think a dead one alive. */
#include <signal.h>
#include <time.h>

#include "check.h"

#define NO_SUCH_PID 0x3ffff0

int main(void)
{
	struct timespec while_it_ends = { .tv_nsec = 50000000 };
	long self = sys(SYS_getpid);
	int fds[2];
	pid_t pid;
	char byte;

	CHECK_EQ(sys(SYS_kill, self, 0), 0);	/* only asks: is it there? */
	CHECK_EQ(sys(SYS_kill, NO_SUCH_PID, 0), -ESRCH);
	CHECK_EQ(sys(SYS_kill, NO_SUCH_PID, SIGTERM), -ESRCH);
	CHECK_EQ(sys(SYS_kill, self, 65), -EINVAL);
	CHECK_EQ(sys(SYS_kill, self, -1), -EINVAL);

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();
	if (pid == 0) {
		sys(SYS_read, fds[0], &byte, 1);
		_exit(0);
	}
	CHECK_EQ(sys(SYS_kill, pid, SIGUSR1), 0);
	CHECK_EQ(check_wait(pid), KILLED(SIGUSR1));
	CHECK_EQ(sys(SYS_kill, pid, 0), -ESRCH);

	/* A zombie is still there: it has only nothing left to do. */
	pid = check_fork();
	if (pid == 0)
		_exit(5);
	CHECK_EQ(sys(SYS_nanosleep, &while_it_ends, 0), 0);
	CHECK_EQ(sys(SYS_kill, pid, SIGKILL), 0);
	CHECK_EQ(check_wait(pid), EXITED(5));
	return check_passed();
}
