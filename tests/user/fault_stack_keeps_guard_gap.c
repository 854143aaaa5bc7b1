/*
 * A stack could grow until it touches a mapping below it, and a large frame
 * would then overwrite that: 256 pages stay free between the two.
 */
#include <stdint.h>

#include "memory.h"

#define GAP_PAGES 256UL

static uintptr_t top;

static void touch(unsigned long pages_below_top)
{
	*(volatile char *)(top - pages_below_top * PAGE_SIZE) = 1;
}

/* A mapping 512 pages down: the stack may not come closer than the gap. */
static void map_below(void)
{
	map_fixed((char *)(top - 512 * PAGE_SIZE), 1, RW);
}

static void touch_above_gap(void)
{
	map_below();
	touch(511 - GAP_PAGES);
}

static void touch_in_gap(void)
{
	map_below();
	touch(511 - GAP_PAGES + 1);
}

static uintptr_t find_top(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);

	return ((uintptr_t)path + strlen(path) + 9 + 4095) & -4096UL;
}

int main(void)
{
	top = find_top();
	CHECK_EQ(check_in_child(touch_above_gap), EXITED(0));
	CHECK_EQ(check_in_child(touch_in_gap), KILLED(11));
	return check_passed();
}
