/* A handler that decides by si_code and si_addr would take the wrong way. */
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "check.h"

static sigjmp_buf back;
static siginfo_t seen;
static unsigned long trapno, error, rip;

static void leave(int sig, siginfo_t *info, void *context)
{
	struct sigcontext *mc = &((ucontext_t *)context)->uc_mcontext;

	(void)sig;
	seen = *info;
	trapno = mc->trapno;
	error = mc->err;
	rip = mc->rip;
	siglongjmp(back, 1);
}

/* Run @crash, whose signal, si_code and trap number are as given. */
static void expect(void (*crash)(void), int sig, int code, unsigned long trap)
{
	memset(&seen, 0, sizeof(seen));
	if (!sigsetjmp(back, 1))
		crash();
	CHECK_EQ(seen.si_signo, sig);
	CHECK_EQ(seen.si_code, code);
	CHECK_EQ(trapno, trap);
}

static char *page;

static char *volatile nowhere = (char *)16;
static void write_nowhere(void) { *(volatile char *)nowhere = 1; }
static void write_read_only(void) { *(volatile char *)page = 1; }
static void run_data(void) { ((void (*)(void))page)(); }
static void read_kernel(void) { (void)*(volatile char *)0xffffffff80000000; }
static void read_not_canonical(void)
{
	(void)*(volatile char *)0x8000000000000000;
}
static void undefined(void) { __asm__ volatile("ud2"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void halt(void) { __asm__ volatile("hlt"); }
static void divide(void)
{
	__asm__ volatile("xor %%ecx, %%ecx; mov $1, %%eax; cltd; idiv %%ecx"
			 : : : "eax", "ecx", "edx");
}

/*
 * An error that is masked by default. That of SSE is not tried: QEMU without
 * KVM never raises it.
 */
static void divide_x87(void)
{
	unsigned short control = 0x37f & ~0x4;

	__asm__ volatile("fldcw %0; fldz; fld1; fdivp; fwait"
			 : : "m"(control));
}

static void step(void)
{
	__asm__ volatile("pushfq; orl $0x100, (%rsp); popfq; nop; nop");
}

static void past_end(void)
{
	char *map;
	int fd = (int)sys(SYS_open, check_self(), 0);

	map = mmap(NULL, 1 << 24, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(map != MAP_FAILED);
	close(fd);
	(void)*(volatile char *)(map + (1 << 24) - 4096);
}

int main(void)
{
	static const int sigs[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP };
	struct sigaction act = { .sa_sigaction = leave,
				 .sa_flags = SA_SIGINFO };

	for (unsigned int i = 0; i < sizeof(sigs) / sizeof(*sigs); i++)
		CHECK_EQ(sigaction(sigs[i], &act, NULL), 0);
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	expect(write_nowhere, SIGSEGV, SEGV_MAPERR, 14);
	CHECK_EQ(seen.si_addr, 16);
	CHECK_EQ(error, 6);
	CHECK_EQ(*(volatile char *)page, 0);
	expect(write_read_only, SIGSEGV, SEGV_ACCERR, 14);
	CHECK_EQ(seen.si_addr, page);
	CHECK_EQ(error, 7);
	expect(run_data, SIGSEGV, SEGV_ACCERR, 14);
	CHECK_EQ(seen.si_addr, page);
	CHECK_EQ(rip, page);
	expect(read_kernel, SIGSEGV, SEGV_MAPERR, 14);
	CHECK_EQ(error, 5);
	expect(read_not_canonical, SIGSEGV, SI_KERNEL, 13);
	CHECK_EQ(seen.si_addr, 0);
	expect(halt, SIGSEGV, SI_KERNEL, 13);
	expect(undefined, SIGILL, ILL_ILLOPN, 6);
	CHECK_EQ(seen.si_addr, rip);
	expect(breakpoint, SIGTRAP, SI_KERNEL, 3);
	expect(step, SIGTRAP, TRAP_TRACE, 1);
	expect(divide, SIGFPE, FPE_INTDIV, 0);
	CHECK_EQ(seen.si_addr, rip);
	expect(past_end, SIGBUS, BUS_ADRERR, 14);
	expect(divide_x87, SIGFPE, FPE_FLTDIV, 16);
	return check_passed();
}
