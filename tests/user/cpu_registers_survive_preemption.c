/*
 * A timer tick in the middle of a computation would change its result. Several
 * processes keep different values in every general and SSE register.
 */
// guest: TIMEOUT=120
#include "check.h"

#define NR_PROCESSES 4

/*
 * Spin @rounds times with @pattern in the registers; 0 if all still have it.
 * rcx counts, rax collects the differences.
 */
static unsigned long spin(unsigned long pattern, unsigned long rounds)
{
	unsigned long wrong = 0;

	__asm__ volatile(
		"movq %[p], %%xmm0\n\t"
		"movq %[p], %%xmm7\n\t"
		"movq %[p], %%xmm15\n\t"
		"punpcklqdq %%xmm15, %%xmm15\n\t"
		"mov %[p], %%r8\n\t"
		"mov %[p], %%r9\n\t"
		"mov %[p], %%r10\n\t"
		"mov %[p], %%r11\n\t"
		"mov %[p], %%r12\n\t"
		"mov %[p], %%r13\n\t"
		"mov %[p], %%r14\n\t"
		"mov %[p], %%r15\n\t"
		"mov %[p], %%rsi\n\t"
		"mov %[p], %%rdi\n\t"
		"1: dec %[n]\n\t"
		"jnz 1b\n\t"
		"xor %[p], %%r8\n\t"
		"xor %[p], %%r9\n\t"
		"xor %[p], %%r10\n\t"
		"xor %[p], %%r11\n\t"
		"xor %[p], %%r12\n\t"
		"xor %[p], %%r13\n\t"
		"xor %[p], %%r14\n\t"
		"xor %[p], %%r15\n\t"
		"xor %[p], %%rsi\n\t"
		"xor %[p], %%rdi\n\t"
		"or %%r8, %[w]\n\t"
		"or %%r9, %[w]\n\t"
		"or %%r10, %[w]\n\t"
		"or %%r11, %[w]\n\t"
		"or %%r12, %[w]\n\t"
		"or %%r13, %[w]\n\t"
		"or %%r14, %[w]\n\t"
		"or %%r15, %[w]\n\t"
		"or %%rsi, %[w]\n\t"
		"or %%rdi, %[w]\n\t"
		"movq %%xmm0, %%r8\n\t"
		"xor %[p], %%r8\n\t"
		"or %%r8, %[w]\n\t"
		"movq %%xmm7, %%r8\n\t"
		"xor %[p], %%r8\n\t"
		"or %%r8, %[w]\n\t"
		"psrldq $8, %%xmm15\n\t"	/* its upper half */
		"movq %%xmm15, %%r8\n\t"
		"xor %[p], %%r8\n\t"
		"or %%r8, %[w]"
		: [w] "+a"(wrong), [n] "+c"(rounds)
		: [p] "b"(pattern)
		: "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
		  "r15", "xmm0", "xmm7", "xmm15", "cc");
	return wrong;
}

static void compute(unsigned long pattern)
{
	for (int i = 0; i < 50; i++)
		CHECK_EQ(spin(pattern + (unsigned long)i, 300000), 0);
}

int main(void)
{
	pid_t pids[NR_PROCESSES];

	for (int i = 0; i < NR_PROCESSES; i++) {
		pids[i] = check_fork();
		if (pids[i] == 0) {
			compute(0x0123456789abcdefUL * (unsigned long)(i + 2));
			_exit(0);
		}
	}
	for (int i = 0; i < NR_PROCESSES; i++)
		check_child(pids[i]);
	return check_passed();
}
