/*
 * The new program would inherit what it must not: memory, a moved break,
 * handlers, close-on-exec descriptors; or lose what it must keep.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>

#include "memory.h"

#define PLACE ((char *)0x200000000000UL)

static int check_new_program(char **argv)
{
	struct kernel_sigaction action;
	unsigned long mask = 0;

	CHECK_EQ(sys(SYS_getpid), atol(argv[2]));
	CHECK_EQ(probe(PLACE), NOTHING);
	CHECK_EQ(sys(SYS_close, 49), 0);
	CHECK_EQ(sys(SYS_close, 50), 0);
	CHECK_EQ(sys(SYS_close, 51), -EBADF);
	CHECK_EQ(sys(SYS_close, 52), -EBADF);

	/* An ignored signal stays ignored, a handler cannot survive. */
	CHECK_EQ(sys(SYS_rt_sigaction, SIGHUP, 0, &action, 8), 0);
	CHECK(action.handler == SIG_IGN);
	CHECK_EQ(sys(SYS_rt_sigaction, SIGUSR1, 0, &action, 8), 0);
	CHECK(action.handler == SIG_DFL);
	CHECK_EQ(sys(SYS_rt_sigprocmask, 0, 0, &mask, 8), 0);
	CHECK_EQ(mask, 1UL << (SIGUSR2 - 1));
	return check_passed();
}

static void handler(int sig)
{
	(void)sig;
}

static void fill_the_slate(void)
{
	unsigned long mask = 1UL << (SIGUSR2 - 1);
	struct kernel_sigaction action = { .handler = handler };
	long null = sys(SYS_open, "/dev/null", O_RDONLY);
	long hidden = sys(SYS_open, "/dev/null", O_RDONLY | O_CLOEXEC);

	map_fixed(PLACE, 1, RW);
	sys(SYS_brk, sys(SYS_brk, 0) + (1 << 20));
	CHECK_EQ(sys(SYS_dup2, null, 50), 50);
	CHECK_EQ(sys(SYS_dup2, hidden, 49), 49);	/* a copy is not hidden */
	CHECK_EQ(sys(SYS_fcntl, hidden, F_DUPFD_CLOEXEC, 51), 51);
	CHECK_EQ(sys(SYS_rt_sigaction, SIGUSR1, &action, 0, 8), 0);
	action.handler = SIG_IGN;
	CHECK_EQ(sys(SYS_rt_sigaction, SIGHUP, &action, 0, 8), 0);
	CHECK_EQ(sys(SYS_rt_sigprocmask, SIG_SETMASK, &mask, 0, 8), 0);
}

int main(int argc, char **argv)
{
	char pid[16];
	char *args[] = { "self", "again", pid, NULL };

	if (argc == 3)
		return check_new_program(argv);
	fill_the_slate();
	snprintf(pid, sizeof(pid), "%d", (int)sys(SYS_getpid));
	sys(SYS_execve, check_self(), args, args + 3);
	CHECK(0);
}
