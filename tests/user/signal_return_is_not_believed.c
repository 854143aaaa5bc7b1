/*
 * rt_sigreturn loads registers from memory that the program can write: a
 * forged frame must end the program, not the machine.
 */
#include <signal.h>
#include <ucontext.h>

#include "check.h"

#define EFLAGS_IOPL 0x3000UL
#define EFLAGS_IF 0x200UL

static void (*forge)(ucontext_t *context);

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)info;
	forge(context);
}

static void raise_and_return(void)
{
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO };

	sigaction(SIGUSR1, &act, NULL);
	sys(SYS_kill, getpid(), SIGUSR1);
}

static void not_canonical(ucontext_t *c) { c->uc_mcontext.rip = 1UL << 63; }
static void in_kernel(ucontext_t *c) { c->uc_mcontext.rip = ~0UL << 31; }
static void no_fpu(ucontext_t *c) { c->uc_mcontext.fpstate = (void *)16; }
static void bad_mxcsr(ucontext_t *c)
{
	((unsigned int *)c->uc_mcontext.fpstate)[6] = ~0U;
}
static void kernel_flags(ucontext_t *c)
{
	c->uc_mcontext.eflags |= EFLAGS_IOPL;
	c->uc_mcontext.eflags &= ~EFLAGS_IF;
}

static void no_frame(void)
{
	__asm__ volatile("mov $16, %%rsp; mov $15, %%eax; syscall" : : : "memory");
}

static void handler_nowhere(void)
{
	signal(SIGUSR1, (sighandler_t)(1UL << 63));
	sys(SYS_kill, getpid(), SIGUSR1);
}

static int end_of(void (*how)(ucontext_t *))
{
	forge = how;
	return check_in_child(raise_and_return) & 0x7f;
}

static void flags_stay(void)
{
	unsigned long flags;

	forge = kernel_flags;
	raise_and_return();
	__asm__ volatile("pushfq; pop %0" : "=r"(flags));
	CHECK_EQ(flags & (EFLAGS_IOPL | EFLAGS_IF), EFLAGS_IF);
}

int main(void)
{
	CHECK_EQ(end_of(not_canonical), SIGSEGV);
	CHECK_EQ(end_of(in_kernel), SIGSEGV);
	CHECK_EQ(end_of(no_fpu), SIGSEGV);
	CHECK_EQ(end_of(bad_mxcsr), SIGSEGV);
	CHECK_EQ(check_in_child(no_frame) & 0x7f, SIGSEGV);
	CHECK_EQ(check_in_child(handler_nowhere) & 0x7f, SIGSEGV);
	CHECK_EQ(check_in_child(flags_stay), EXITED(0));
	return check_passed();
}
