/*
 * A program would see what another one left in a frame: wrong results, and
 * the other's secrets.
 */
#include "memory.h"

#define NR_PAGES 512UL

static int all_zero(const unsigned long *words, unsigned long bytes)
{
	for (unsigned long i = 0; i < bytes / sizeof(*words); i++)
		if (words[i])
			return 0;
	return 1;
}

static void leave_dirt(void)
{
	memset(map_pages(NR_PAGES, RW), 0xa5, NR_PAGES * PAGE_SIZE);
}

int main(void)
{
	char *addr;

	CHECK_EQ(check_in_child(leave_dirt), EXITED(0));
	addr = map_pages(NR_PAGES, RW);
	write_pages(addr, NR_PAGES, 0);	/* frames of our own, not the zero one */
	CHECK(all_zero((unsigned long *)addr, NR_PAGES * PAGE_SIZE));

	memset(addr, 0x5a, NR_PAGES * PAGE_SIZE);
	unmap_pages(addr, NR_PAGES);
	addr = map_pages(NR_PAGES, RW);
	CHECK(all_zero((unsigned long *)addr, NR_PAGES * PAGE_SIZE));
	return check_passed();
}
