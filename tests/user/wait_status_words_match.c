/* Shells decide by the status word: success, an error, or death by a signal. */
#include <signal.h>

#include "check.h"

static int code;

static void exit_with_code(void)
{
	sys(SYS_exit_group, code);
}

static void exit_thread_with_code(void)
{
	sys(SYS_exit, code);
}

static void kill_self(void)
{
	sys(SYS_kill, sys(SYS_getpid), code);
	_exit(0);
}

static void expect_exit(int status, int want)
{
	code = status;
	CHECK_EQ(check_in_child(exit_with_code), want);
	CHECK_EQ(check_in_child(exit_thread_with_code), want);
}

int main(void)
{
	static const int deadly[] = {
		SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM,
		SIGTERM, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, 34, 64,
	};

	signal(SIGHUP, SIG_DFL);	/* under nohup it would be ignored */
	expect_exit(0, EXITED(0));
	expect_exit(1, EXITED(1));
	expect_exit(255, EXITED(255));
	expect_exit(256, EXITED(0));	/* only eight bits survive */
	expect_exit(-1, EXITED(255));
	for (unsigned int i = 0; i < sizeof(deadly) / sizeof(*deadly); i++) {
		code = deadly[i];
		CHECK_EQ(check_in_child(kill_self), KILLED(deadly[i]));
	}
	return check_passed();
}
