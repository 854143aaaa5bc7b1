/* Constructors, thread-local variables, the environment: all before main(). */
#include <setjmp.h>
#include <stdlib.h>

#include "check.h"

static __thread int counted = 40;
static __thread char zeros[100];
static _Thread_local int *pointer;

static int constructed;

__attribute__((constructor)) static void construct(void)
{
	constructed = 1;
	counted++;
}

static void environment(void)
{
	CHECK(environ != NULL);
	CHECK_EQ(setenv("FAULT", "minor", 1), 0);
	CHECK_STR(getenv("FAULT"), "minor");
	CHECK_EQ(setenv("FAULT", "major", 0), 0);
	CHECK_STR(getenv("FAULT"), "minor");
	CHECK_EQ(putenv("FAULT=none"), 0);
	CHECK_STR(getenv("FAULT"), "none");
	CHECK(getenv("FAUL") == NULL);
	CHECK_EQ(unsetenv("FAULT"), 0);
	CHECK(getenv("FAULT") == NULL);
	CHECK_EQ(setenv("A=B", "x", 1), -1);
	CHECK_EQ(errno, EINVAL);
	for (int i = 0; i < 100; i++) {
		char name[8];

		snprintf(name, sizeof(name), "V%d", i);
		CHECK_EQ(setenv(name, name + 1, 1), 0);
	}
	CHECK_STR(getenv("V99"), "99");
	CHECK_STR(getenv("V0"), "0");
}

static void thread_locals(void)
{
	CHECK_EQ(counted, 41);
	CHECK(pointer == NULL);
	for (size_t i = 0; i < sizeof(zeros); i++)
		CHECK_EQ(zeros[i], 0);
	errno = EDOM;
	CHECK_EQ(close(-1), -1);
	CHECK_EQ(errno, EBADF);
}

static void jumps(void)
{
	volatile int rounds = 0;
	sigjmp_buf env;
	sigset_t set;
	int value;

	value = setjmp(env);
	CHECK_EQ(value, rounds);
	if (++rounds < 3)
		longjmp(env, rounds);
	if (setjmp(env) == 0)
		longjmp(env, 0);		/* arrives as 1 */
	rounds = 0;
	value = sigsetjmp(env, 1);
	sigprocmask(SIG_BLOCK, NULL, &set);
	CHECK(!sigismember(&set, SIGUSR1));
	if (rounds++ == 0) {
		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
		siglongjmp(env, 5);
	}
	CHECK_EQ(value, 5);
}

static void abort_in_child(void)
{
	abort();
}

static void exit_in_child(void)
{
	exit(42);
}

int main(int argc, char **argv)
{
	CHECK(argc >= 1 && argv[argc] == NULL);
	CHECK(constructed);
	CHECK_EQ(getauxval(AT_PAGESZ), 4096);
	CHECK(strstr(argv[0], program_invocation_short_name) != NULL);
	thread_locals();
	environment();
	jumps();
	CHECK_EQ(check_in_child(exit_in_child), EXITED(42));
	CHECK_EQ(check_in_child(abort_in_child) & 0x7f, KILLED(SIGABRT));
	return check_passed();
}
