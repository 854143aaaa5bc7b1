/*
 * Deep recursion would die early, or late: over a neighbour's memory. The
 * stack grows to RLIMIT_STACK, counted from its top, and not a page further.
 */
#include <stdint.h>

#include "memory.h"

#define LIMIT_PAGES 128UL

static uintptr_t top;

static void limit_stack(void)
{
	struct rlimit limit = { LIMIT_PAGES * PAGE_SIZE, RLIM_INFINITY };

	CHECK_EQ(sys(SYS_prlimit64, 0, RLIMIT_STACK, &limit, NULL), 0);
}

static void touch(unsigned long pages_below_top)
{
	*(volatile char *)(top - pages_below_top * PAGE_SIZE) = 1;
}

static void touch_all_down_to_limit(void)
{
	long before;

	limit_stack();
	before = faults_start();
	for (unsigned long page = 64; page <= LIMIT_PAGES; page++)
		touch(page);
	CHECK_EQ(minor_faults() - before, LIMIT_PAGES - 64 + 1);
}

static void jump_to_limit(void)
{
	limit_stack();
	touch(LIMIT_PAGES);
	touch(LIMIT_PAGES / 2);
}

static void one_page_too_far(void)
{
	limit_stack();
	touch(LIMIT_PAGES + 1);
}

static void kernel_writes_beyond_limit(void)
{
	limit_stack();
	CHECK_EQ(sys(SYS_uname, top - (LIMIT_PAGES + 1) * PAGE_SIZE), -EFAULT);
	CHECK_EQ(sys(SYS_uname, top - LIMIT_PAGES * PAGE_SIZE), 0);
}

/* The path of the program is the highest string; 8 bytes of zero follow. */
static uintptr_t find_top(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);

	return ((uintptr_t)path + strlen(path) + 9 + 4095) & -4096UL;
}

int main(void)
{
	top = find_top();
	CHECK_EQ(check_in_child(touch_all_down_to_limit), EXITED(0));
	CHECK_EQ(check_in_child(jump_to_limit), EXITED(0));
	CHECK_EQ(check_in_child(one_page_too_far), KILLED(11));
	CHECK_EQ(check_in_child(kernel_writes_beyond_limit), EXITED(0));
	return check_passed();
}
