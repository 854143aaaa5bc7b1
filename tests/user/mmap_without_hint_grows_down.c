/*
 * Address space would fragment, and the pictures of "the next map goes below
 * the last" would be wrong.
 */
#include "memory.h"

int main(void)
{
	char *first = map_pages(16, RW);
	char *second = map_pages(16, PROT_READ);
	char *again;

	CHECK_EQ(second, first - 16 * PAGE_SIZE);

	/* The highest gap that is large enough comes first. */
	unmap_pages(first, 16);
	again = map_pages(8, RW);
	CHECK_EQ(again, first + 8 * PAGE_SIZE);
	again = map_pages(8, RW);
	CHECK_EQ(again, first);
	return check_passed();
}
