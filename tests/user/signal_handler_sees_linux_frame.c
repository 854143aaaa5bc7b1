/*
 * Debuggers, garbage collectors and crash reporters read a handler's stack
 * frame, and change it: each field lies where Linux puts it.
 */
#include <signal.h>
#include <ucontext.h>

#include "check.h"

#define TRAP_PAGE_FAULT 14
#define FAULT_WRITE_USER 6	/* error code: write, user, not present */

static volatile int calls;
static ucontext_t seen;
static siginfo_t seen_info;
static unsigned long seen_sp, seen_fpstate;
static unsigned long mask_inside;

static void record(int sig, siginfo_t *info, void *context)
{
	unsigned long sp = (unsigned long)__builtin_frame_address(0);

	(void)sig;
	calls++;
	seen = *(ucontext_t *)context;
	seen_info = *info;
	seen_sp = sp;
	seen_fpstate = (unsigned long)seen.uc_mcontext.fpstate;
	sys(SYS_rt_sigprocmask, SIG_BLOCK, 0, &mask_inside, 8);
}

static void record_and_skip(int sig, siginfo_t *info, void *context)
{
	record(sig, info, context);
	((ucontext_t *)context)->uc_mcontext.rip += 3; /* mov [rdi], rax */
}

static void set_handler(int sig, void (*handler)(int, siginfo_t *, void *),
			int flags, sigset_t mask)
{
	struct sigaction act = { .sa_sigaction = handler,
				 .sa_flags = SA_SIGINFO | flags,
				 .sa_mask = mask };

	CHECK_EQ(sigaction(sig, &act, NULL), 0);
}

#define BIT(sig) (1UL << ((sig) - 1))

static void sent_by_kill(void)
{
	set_handler(SIGUSR1, record, 0, BIT(SIGHUP));
	CHECK_EQ(sys(SYS_kill, getpid(), SIGUSR1), 0);
	CHECK_EQ(calls, 1);
	CHECK_EQ(seen_info.si_signo, SIGUSR1);
	CHECK_EQ(seen_info.si_code, SI_USER);
	CHECK_EQ(seen_info.si_pid, getpid());
	CHECK_EQ(seen.uc_mcontext.rax, 0);	/* kill's result */
	CHECK_EQ(seen.uc_sigmask, 0);
	CHECK_EQ(mask_inside, BIT(SIGUSR1) | BIT(SIGHUP));
	CHECK(seen_fpstate % 64 == 0 && seen_fpstate > seen_sp);
	CHECK((seen_sp + 16) % 16 == 0);
	/* The red zone lies between the interrupted stack and the frame. */
	CHECK(seen.uc_mcontext.rsp - 128 >= seen_fpstate + 512);
	CHECK_EQ(seen.uc_mcontext.eflags & 0x202, 0x202);
}

static void caused_by_a_store(void)
{
	unsigned long nowhere = 0x1230;

	set_handler(SIGSEGV, record_and_skip, SA_NODEFER, 0);
	calls = 0;
	__asm__ volatile("mov %%rax, (%%rdi)" : : "D"(nowhere), "a"(0x77)
			 : "memory");
	CHECK_EQ(calls, 1);
	CHECK_EQ(seen_info.si_signo, SIGSEGV);
	CHECK_EQ(seen_info.si_code, SEGV_MAPERR);
	CHECK_EQ(seen_info.si_addr, nowhere);
	CHECK_EQ(seen.uc_mcontext.rdi, nowhere);
	CHECK_EQ(seen.uc_mcontext.rax, 0x77);
	CHECK_EQ(seen.uc_mcontext.trapno, TRAP_PAGE_FAULT);
	CHECK_EQ(seen.uc_mcontext.err, FAULT_WRITE_USER);
	CHECK_EQ(seen.uc_mcontext.cr2, nowhere);
	CHECK_EQ(mask_inside, 0);
}

int main(void)
{
	unsigned long mask = 1;

	sent_by_kill();
	sys(SYS_rt_sigprocmask, SIG_BLOCK, 0, &mask, 8);
	CHECK_EQ(mask, 0);			/* sigreturn has put it back */
	caused_by_a_store();
	return check_passed();
}
