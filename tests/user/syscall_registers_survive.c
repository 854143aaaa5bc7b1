/*
 * Compiled code keeps values in registers across system calls: all but rax,
 * rcx and r11 must come back as they went in, or any program goes wrong.
 */
#include "check.h"

#define NR_REGISTERS 12
#define PATTERN 0x1111111111111111UL

/* Written by the assembly only, which the compiler does not look into. */
static volatile unsigned long after[NR_REGISTERS] __attribute__((used));

/* Fill every register with a pattern of its own, call getppid, store them. */
static __attribute__((naked, noinline)) void call_with_known_registers(void)
{
	__asm__("push %rbx\n\t"
		"push %rbp\n\t"
		"push %r12\n\t"
		"push %r13\n\t"
		"push %r14\n\t"
		"push %r15\n\t"
		"mov $0x1111111111111111, %rbx\n\t"
		"mov $0x2222222222222222, %rbp\n\t"
		"mov $0x3333333333333333, %rdi\n\t"
		"mov $0x4444444444444444, %rsi\n\t"
		"mov $0x5555555555555555, %rdx\n\t"
		"mov $0x6666666666666666, %r8\n\t"
		"mov $0x7777777777777777, %r9\n\t"
		"mov $0x8888888888888888, %r10\n\t"
		"mov $0x9999999999999999, %r12\n\t"
		"mov $0xaaaaaaaaaaaaaaaa, %r13\n\t"
		"mov $0xbbbbbbbbbbbbbbbb, %r14\n\t"
		"mov $0xcccccccccccccccc, %r15\n\t"
		"mov $110, %eax\n\t"
		"syscall\n\t"
		"mov %rbx, after(%rip)\n\t"
		"mov %rbp, 8+after(%rip)\n\t"
		"mov %rdi, 16+after(%rip)\n\t"
		"mov %rsi, 24+after(%rip)\n\t"
		"mov %rdx, 32+after(%rip)\n\t"
		"mov %r8, 40+after(%rip)\n\t"
		"mov %r9, 48+after(%rip)\n\t"
		"mov %r10, 56+after(%rip)\n\t"
		"mov %r12, 64+after(%rip)\n\t"
		"mov %r13, 72+after(%rip)\n\t"
		"mov %r14, 80+after(%rip)\n\t"
		"mov %r15, 88+after(%rip)\n\t"
		"pop %r15\n\t"
		"pop %r14\n\t"
		"pop %r13\n\t"
		"pop %r12\n\t"
		"pop %rbp\n\t"
		"pop %rbx\n\t"
		"ret");
}

/* The flags after a call that was made with the direction flag set. */
static __attribute__((naked, noinline)) unsigned long flags_after_call(void)
{
	__asm__("std\n\t"
		"mov $110, %eax\n\t"
		"syscall\n\t"
		"pushf\n\t"
		"pop %rax\n\t"
		"cld\n\t"
		"ret");
}

int main(void)
{
	unsigned long flags;

	call_with_known_registers();
	for (unsigned long i = 0; i < NR_REGISTERS; i++)
		CHECK_EQ(after[i], PATTERN * (i + 1));

	flags = flags_after_call();
	CHECK(flags & 0x400);		/* DF is ours, the kernel clears its own */
	CHECK(flags & 0x200);		/* IF */
	CHECK_EQ(flags & 0x3000, 0);	/* IOPL */
	return check_passed();
}
