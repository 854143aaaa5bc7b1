/*
 * kill would end what it must not, or not end what it must: some signals are
 * ignored by default, two cannot be ignored at all.
 */
#include <signal.h>

#include "check.h"

static int sig;

static void raise_it(void)
{
	CHECK_EQ(sys(SYS_kill, sys(SYS_getpid), sig), 0);
}

static void ignore_and_raise_it(void)
{
	signal(sig, SIG_IGN);
	raise_it();
}

/* How a child ends that gets @number, left as it is or ignored. */
static void expect(int number, int by_default, int ignored)
{
	sig = number;
	CHECK_EQ(check_in_child(raise_it) & 0x7f, by_default);
	CHECK_EQ(check_in_child(ignore_and_raise_it) & 0x7f, ignored);
}

int main(void)
{
	expect(SIGTERM, SIGTERM, 0);
	expect(SIGINT, SIGINT, 0);
	expect(SIGQUIT, SIGQUIT, 0);
	expect(SIGABRT, SIGABRT, 0);
	expect(SIGSEGV, SIGSEGV, 0);	/* sent by kill it can be ignored */
	expect(SIGKILL, SIGKILL, SIGKILL);
	expect(SIGCHLD, 0, 0);
	expect(SIGURG, 0, 0);
	expect(SIGWINCH, 0, 0);
	expect(SIGCONT, 0, 0);
	return check_passed();
}
