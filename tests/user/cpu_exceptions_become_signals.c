/*
 * A process that ignores or blocks SIGSEGV and then faults would fault for
 * ever, with the processor at 100%.
 */
#include <signal.h>

#include "memory.h"

static void fault(void)
{
	read_pages(KERNEL_ADDR, 1);
}

static void ignore_and_fault(void)
{
	signal(SIGSEGV, SIG_IGN);
	fault();
}

static void block_and_fault(void)
{
	unsigned long all = ~0UL;

	CHECK_EQ(sys(SYS_rt_sigprocmask, SIG_BLOCK, &all, 0, 8), 0);
	fault();
}

static void undefined_instruction(void)
{
	__asm__ volatile("ud2");
}

static void divide_by_zero(void)
{
	__asm__ volatile("xor %%ecx, %%ecx\n\tmov $1, %%eax\n\tcltd\n\t"
			 "idiv %%ecx" : : : "eax", "ecx", "edx");
}

static void privileged_instruction(void)
{
	__asm__ volatile("hlt");
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}

static void forbidden_interrupt(void)
{
	__asm__ volatile("int $14");
}

static void port_access(void)
{
	__asm__ volatile("out %al, $0x80");
}

static int signal_of(void (*crash)(void))
{
	return check_in_child(crash) & 0x7f;
}

int main(void)
{
	CHECK_EQ(signal_of(fault), SIGSEGV);
	CHECK_EQ(signal_of(ignore_and_fault), SIGSEGV);
	CHECK_EQ(signal_of(block_and_fault), SIGSEGV);
	CHECK_EQ(signal_of(undefined_instruction), SIGILL);
	CHECK_EQ(signal_of(divide_by_zero), SIGFPE);
	CHECK_EQ(signal_of(privileged_instruction), SIGSEGV);
	CHECK_EQ(signal_of(forbidden_interrupt), SIGSEGV);
	CHECK_EQ(signal_of(port_access), SIGSEGV);
	CHECK_EQ(signal_of(breakpoint), SIGTRAP);
	return check_passed();
}
