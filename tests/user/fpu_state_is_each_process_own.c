/*
 * Floating-point results would depend on who else is running: registers,
 * rounding mode and x87 stack belong to the process, and fork copies them.
 */
// guest: TIMEOUT=120
#include "check.h"

#define ROUND_UP 0x4000U		/* MXCSR.RC */
#define ROUND_ZERO 0x6000U
#define MXCSR_DEFAULT 0x1f80U
#define FCW_DEFAULT 0x37fU

static unsigned int get_mxcsr(void)
{
	unsigned int value;

	__asm__ volatile("stmxcsr %0" : "=m"(value));
	return value & ~0x3fU;		/* without the sticky flags */
}

static void set_mxcsr(unsigned int value)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(value));
}

static unsigned short get_fcw(void)
{
	unsigned short value;

	__asm__ volatile("fnstcw %0" : "=m"(value));
	return value;
}

/* A sum that changes if any step loses a bit, or is rounded otherwise. */
static double series(int terms, double step)
{
	volatile double sum = 0;

	for (int i = 1; i <= terms; i++)
		sum += step / i;
	return sum;
}

static void compute(int number)
{
	double want = series(1000, number);

	set_mxcsr(MXCSR_DEFAULT | (number % 2 ? ROUND_UP : 0));
	want = series(1000, number);
	for (int i = 0; i < 2000; i++) {
		CHECK(series(1000, number) == want);
		CHECK_EQ(get_mxcsr(),
			 MXCSR_DEFAULT | (number % 2 ? ROUND_UP : 0));
		if (i % 100 == 0)
			sys(SYS_sched_yield);
	}
}

int main(void)
{
	pid_t pids[4];
	double top;

	/* What the psABI promises at the start of a process. */
	CHECK_EQ(get_mxcsr(), MXCSR_DEFAULT);
	CHECK_EQ(get_fcw(), FCW_DEFAULT);

	for (int i = 0; i < 4; i++) {
		pids[i] = check_fork();
		if (pids[i] == 0) {
			compute(i + 1);
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++)
		check_child(pids[i]);
	CHECK_EQ(get_mxcsr(), MXCSR_DEFAULT);

	/* The child starts with what the parent had, x87 stack included. */
	set_mxcsr(MXCSR_DEFAULT | ROUND_ZERO);
	__asm__ volatile("fldpi");
	pids[0] = check_fork();
	if (pids[0] == 0) {
		CHECK_EQ(get_mxcsr(), MXCSR_DEFAULT | ROUND_ZERO);
		__asm__ volatile("fstpl %0" : "=m"(top));
		CHECK(top > 3.14 && top < 3.15);
		_exit(0);
	}
	check_child(pids[0]);
	__asm__ volatile("fstpl %0" : "=m"(top));
	CHECK(top > 3.14 && top < 3.15);
	return check_passed();
}
