/*
 * A program that blocks signals around an update would be interrupted in the
 * middle of it, or never get the signal afterwards.
 */
#include <signal.h>

#include "check.h"

#define BIT(sig) (1UL << ((sig) - 1))

static long set_mask(int how, unsigned long set)
{
	return sys(SYS_rt_sigprocmask, how, &set, 0, 8);
}

static unsigned long get_mask(void)
{
	unsigned long set = 0;

	CHECK_EQ(sys(SYS_rt_sigprocmask, 99, 0, &set, 8), 0);
	return set;
}

static void block_raise_unblock(void)
{
	CHECK_EQ(set_mask(SIG_BLOCK, BIT(SIGTERM)), 0);
	CHECK_EQ(sys(SYS_kill, sys(SYS_getpid), SIGTERM), 0);
	CHECK_EQ(get_mask(), BIT(SIGTERM));	/* still here */
	set_mask(SIG_UNBLOCK, BIT(SIGTERM));
	_exit(1);				/* but not here */
}

static void block_all_and_get_killed(void)
{
	CHECK_EQ(set_mask(SIG_SETMASK, ~0UL), 0);
	CHECK_EQ(get_mask(), ~(BIT(SIGKILL) | BIT(SIGSTOP)));
	sys(SYS_kill, sys(SYS_getpid), SIGKILL);
	_exit(1);
}

static void expect_inherited_mask(void)
{
	CHECK_EQ(get_mask(), BIT(SIGUSR1) | BIT(SIGUSR2));
}

int main(void)
{
	CHECK_EQ(get_mask(), 0);
	CHECK_EQ(check_in_child(block_raise_unblock), KILLED(SIGTERM));
	CHECK_EQ(check_in_child(block_all_and_get_killed), KILLED(SIGKILL));

	CHECK_EQ(set_mask(SIG_SETMASK, BIT(SIGUSR1)), 0);
	CHECK_EQ(set_mask(SIG_BLOCK, BIT(SIGUSR2) | BIT(SIGHUP)), 0);
	CHECK_EQ(set_mask(SIG_UNBLOCK, BIT(SIGHUP)), 0);
	CHECK_EQ(check_in_child(expect_inherited_mask), EXITED(0));

	CHECK_EQ(set_mask(99, 0), -EINVAL);
	CHECK_EQ(sys(SYS_rt_sigprocmask, SIG_BLOCK, 0, 0, 4), -EINVAL);
	CHECK_EQ(get_mask(), BIT(SIGUSR1) | BIT(SIGUSR2));
	return check_passed();
}
