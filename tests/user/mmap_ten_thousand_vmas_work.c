/*
 * A program with very many small mappings (guarded heaps, a JVM) would crawl,
 * or lose track of one.
 */
// guest: TIMEOUT=120
#include "memory.h"

#define NR_PAGES 20000UL

int main(void)
{
	char *start = map_pages(NR_PAGES, RW);

	/* Every second page read-only: no two neighbours can merge. */
	for (unsigned long page = 0; page < NR_PAGES; page += 2)
		CHECK_EQ(sys(SYS_mprotect, start + page * PAGE_SIZE, PAGE_SIZE,
			     PROT_READ), 0);
	for (unsigned long page = 1; page < NR_PAGES; page += 2)
		start[page * PAGE_SIZE] = (char)page;
	for (unsigned long page = 1; page < NR_PAGES; page += 200)
		CHECK_EQ(start[page * PAGE_SIZE], (char)page);
	CHECK_EQ(probe(start + 5000 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(probe(start + 5001 * PAGE_SIZE), CAN_BOTH);

	/* All the same again: they can be one, and are one to munmap. */
	CHECK_EQ(sys(SYS_mprotect, start, NR_PAGES * PAGE_SIZE, RW), 0);
	CHECK_EQ(start[5001 * PAGE_SIZE], (char)5001);
	unmap_pages(start, NR_PAGES);
	return check_passed();
}
