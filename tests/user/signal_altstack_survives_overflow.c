/* A stack overflow could not be reported: its handler has no stack either. */
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>

#include "check.h"

static char alt[16384] __attribute__((aligned(16)));
static sigjmp_buf back;
static stack_t inside;
static long set_inside;
static int on_alt;

static void handler(int sig, siginfo_t *info, void *context)
{
	char here;

	(void)sig, (void)info, (void)context;
	on_alt = &here >= alt && &here < alt + sizeof(alt);
	sys(SYS_sigaltstack, 0, &inside);
	set_inside = sys(SYS_sigaltstack, &inside, 0);
	siglongjmp(back, 1);
}

static int __attribute__((noinline)) recurse(int n)
{
	volatile char block[4096];

	block[0] = (char)n;
	return n < 1 << 30 ? n + recurse(n + 1) + block[0] : 0;
}

static void overflow_without_altstack(void)
{
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &act, NULL);
	recurse(0);
}

int main(void)
{
	struct rlimit limit = { 1 << 20, 8 << 20 };
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t stack = { .ss_sp = alt, .ss_size = sizeof(alt) }, old;

	CHECK_EQ(setrlimit(RLIMIT_STACK, &limit), 0);
	CHECK_EQ(check_in_child(overflow_without_altstack) & 0x7f, SIGSEGV);

	CHECK_EQ(sys(SYS_sigaltstack, &stack, &old), 0);
	CHECK_EQ(old.ss_flags, SS_DISABLE);
	CHECK_EQ(sigaction(SIGSEGV, &act, NULL), 0);
	for (int i = 0; i < 3; i++) {
		on_alt = 0;
		if (!sigsetjmp(back, 1))
			recurse(0);
		CHECK(on_alt);
		CHECK_EQ(inside.ss_flags, SS_ONSTACK);
		CHECK_EQ(set_inside, -EPERM);
	}
	CHECK_EQ(sys(SYS_sigaltstack, 0, &old), 0);
	CHECK_EQ(old.ss_flags, 0);
	CHECK_EQ(old.ss_sp, alt);
	stack.ss_size = 1024;
	CHECK_EQ(sys(SYS_sigaltstack, &stack, 0), -ENOMEM);
	stack.ss_flags = 99;
	CHECK_EQ(sys(SYS_sigaltstack, &stack, 0), -EINVAL);
	stack.ss_flags = SS_DISABLE;
	CHECK_EQ(sys(SYS_sigaltstack, &stack, 0), 0);
	CHECK_EQ(sys(SYS_sigaltstack, 0, &old), 0);
	CHECK_EQ(old.ss_flags, SS_DISABLE);
	return check_passed();
}
