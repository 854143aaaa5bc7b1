/*
 * What a process says about itself with prctl(2): dumpable, orphans, what it is
 * sent when its parent dies.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include "memory.h"

static void check_values(void)
{
	int value = 7;

	CHECK_EQ(sys(SYS_prctl, PR_GET_DUMPABLE), 1);
	CHECK_EQ(sys(SYS_prctl, PR_SET_DUMPABLE, 2), -EINVAL);
	CHECK_EQ(sys(SYS_prctl, PR_SET_DUMPABLE, 0), 0);
	CHECK_EQ(sys(SYS_prctl, PR_GET_DUMPABLE), 0);
	CHECK_EQ(sys(SYS_prctl, PR_SET_DUMPABLE, 1), 0);
	CHECK_EQ(sys(SYS_prctl, PR_SET_PDEATHSIG, 99), -EINVAL);
	CHECK_EQ(sys(SYS_prctl, PR_SET_PDEATHSIG, SIGUSR1), 0);
	CHECK_EQ(sys(SYS_prctl, PR_GET_PDEATHSIG, &value), 0);
	CHECK_EQ(value, SIGUSR1);
	CHECK_EQ(sys(SYS_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), -EINVAL);
	CHECK_EQ(sys(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	CHECK_EQ(sys(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	CHECK_EQ(sys(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	CHECK_EQ(sys(SYS_prctl, 9999), -EINVAL);
}

/* A grandchild whose parent ends: it is ours, and it was told. */
static void check_orphan(void)
{
	int status, ends[2];
	pid_t pid, orphan;
	char byte;

	CHECK_EQ(sys(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1), 0);
	CHECK_EQ(sys(SYS_pipe, ends), 0);
	pid = check_fork();
	if (pid == 0) {
		orphan = check_fork();
		if (orphan == 0) {
			CHECK_EQ(sys(SYS_prctl, PR_SET_PDEATHSIG, SIGTERM), 0);
			sys(SYS_write, ends[1], "x", 1);
			for (;;)
				sys(SYS_pause);
		}
		sys(SYS_read, ends[0], &byte, 1);
		_exit(0);
	}
	check_child(pid);
	orphan = (pid_t)sys(SYS_wait4, -1, &status, 0, 0);
	CHECK(orphan > 0 && orphan != pid);
	CHECK_EQ(status, SIGTERM);
}

int main(void)
{
	check_orphan();
	check_values();
	return check_passed();
}
