/* A program that sets a handler aside and restores it would lose it. */
#include <signal.h>

#include "check.h"

static struct kernel_sigaction old;

static long set_action(int sig, void (*handler)(int))
{
	struct kernel_sigaction action = {
		.handler = handler,
		.flags = SA_RESTART,
		.mask = 0x5,
	};

	memset(&old, 0xa5, sizeof(old));
	return sys(SYS_rt_sigaction, sig, &action, &old, 8);
}

static void handler_of_child(void)
{
	CHECK_EQ(sys(SYS_rt_sigaction, SIGUSR1, 0, &old, 8), 0);
	CHECK(old.handler == SIG_IGN);
}

int main(void)
{
	CHECK_EQ(set_action(SIGUSR1, SIG_IGN), 0);
	CHECK(old.handler == SIG_DFL);
	CHECK_EQ(old.flags, 0);
	CHECK_EQ(set_action(SIGUSR1, SIG_IGN), 0);
	CHECK(old.handler == SIG_IGN);
	CHECK_EQ(old.flags, SA_RESTART);
	CHECK_EQ(old.mask, 0x5);
	CHECK_EQ(check_in_child(handler_of_child), EXITED(0));

	CHECK_EQ(set_action(SIGKILL, SIG_IGN), -EINVAL);
	CHECK_EQ(set_action(SIGSTOP, SIG_IGN), -EINVAL);
	CHECK_EQ(set_action(0, SIG_IGN), -EINVAL);
	CHECK_EQ(set_action(65, SIG_IGN), -EINVAL);
	CHECK_EQ(set_action(-1, SIG_IGN), -EINVAL);
	CHECK_EQ(sys(SYS_rt_sigaction, SIGUSR1, 0, 0, 4), -EINVAL);
	CHECK_EQ(sys(SYS_rt_sigaction, SIGKILL, 0, &old, 8), 0);
	return check_passed();
}
