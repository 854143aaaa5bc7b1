/*
 * A program that maps over part of a region would lose the rest of it, keep
 * the old contents, or get the new rights on the wrong pages.
 */
#include "memory.h"

int main(void)
{
	char *addr = map_pages(9, RW);

	for (int page = 0; page < 9; page++)
		addr[page * PAGE_SIZE] = (char)('a' + page);
	map_fixed(addr + 3 * PAGE_SIZE, 3, PROT_READ);

	CHECK_EQ(addr[2 * PAGE_SIZE], 'c');
	CHECK_EQ(addr[3 * PAGE_SIZE], 0);
	CHECK_EQ(addr[5 * PAGE_SIZE], 0);
	CHECK_EQ(addr[6 * PAGE_SIZE], 'g');
	CHECK_EQ(probe(addr + 2 * PAGE_SIZE), CAN_BOTH);
	CHECK_EQ(probe(addr + 3 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(probe(addr + 5 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(probe(addr + 6 * PAGE_SIZE), CAN_BOTH);

	/* Over the borders of all three at once. */
	map_fixed(addr + 2 * PAGE_SIZE, 5, RW);
	CHECK_EQ(addr[1 * PAGE_SIZE], 'b');
	CHECK_EQ(read_pages(addr + 2 * PAGE_SIZE, 5), 0);
	CHECK_EQ(addr[7 * PAGE_SIZE], 'h');
	return check_passed();
}
