/*
 * Programs lower their priority and ask for it again; how much of the processor a
 * task gets follows its nice value.
 */
#include <sched.h>
#include <signal.h>

#include "memory.h"

/* The raw call says 20 - nice. */
static long nice_value(int which, int who)
{
	return 20 - sys(SYS_getpriority, which, who);
}

static void check_nice(void)
{
	pid_t pid;

	/* Up is allowed to everybody, wherever we were started. */
	CHECK_EQ(sys(SYS_setpriority, PRIO_PROCESS, 0, 15), 0);
	CHECK_EQ(nice_value(PRIO_PROCESS, getpid()), 15);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(nice_value(PRIO_PROCESS, 0), 15);
		CHECK_EQ(sys(SYS_setpriority, PRIO_PROCESS, 0, 100), 0);
		CHECK_EQ(nice_value(PRIO_PROCESS, 0), 19);
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(nice_value(PRIO_PROCESS, 0), 15);
	CHECK_EQ(sys(SYS_getpriority, 7, 0), -EINVAL);
	CHECK_EQ(sys(SYS_setpriority, PRIO_PROCESS, 999999, 0), -ESRCH);
}

static void check_policy(void)
{
	int priority = 1;

	CHECK_EQ(sys(SYS_sched_getscheduler, 0), SCHED_OTHER);
	CHECK_EQ(sys(SYS_sched_setscheduler, 0, SCHED_OTHER, &priority),
		 -EINVAL);
	priority = 0;
	CHECK_EQ(sys(SYS_sched_setscheduler, 0, SCHED_BATCH, &priority), 0);
	CHECK_EQ(sys(SYS_sched_getscheduler, 0), SCHED_BATCH);
	CHECK_EQ(sys(SYS_sched_getparam, 0, &priority), 0);
	CHECK_EQ(sys(SYS_sched_getscheduler, 999999), -ESRCH);
	CHECK_EQ(sys(SYS_sched_setscheduler, 0, 77, &priority), -EINVAL);
	CHECK_EQ(sys(SYS_sched_get_priority_max, SCHED_FIFO), 99);
	CHECK_EQ(sys(SYS_sched_get_priority_min, SCHED_RR), 1);
	CHECK_EQ(sys(SYS_sched_get_priority_max, SCHED_OTHER), 0);
	CHECK_EQ(sys(SYS_sched_get_priority_max, 77), -EINVAL);
}

int main(void)
{
	check_nice();
	check_policy();
	return check_passed();
}
