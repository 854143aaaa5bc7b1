/*
 * A program that gives back the middle of a region would lose an end, or
 * still reach what it gave back.
 */
#include "memory.h"

int main(void)
{
	char *addr = map_pages(9, RW);
	long before;

	write_pages(addr, 9, 'x');
	unmap_pages(addr + 3 * PAGE_SIZE, 3);		/* xxx...xxx */
	CHECK_EQ(probe(addr + 2 * PAGE_SIZE), CAN_BOTH);
	CHECK_EQ(probe(addr + 3 * PAGE_SIZE), NOTHING);
	CHECK_EQ(probe(addr + 5 * PAGE_SIZE), NOTHING);
	CHECK_EQ(probe(addr + 6 * PAGE_SIZE), CAN_BOTH);

	unmap_pages(addr + 1 * PAGE_SIZE, 7);		/* x.......x */
	before = faults_start();
	CHECK_EQ(addr[0], 'x');
	CHECK_EQ(addr[8 * PAGE_SIZE], 'x');
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(probe(addr + 1 * PAGE_SIZE), NOTHING);
	CHECK_EQ(probe(addr + 7 * PAGE_SIZE), NOTHING);

	/* Back again, and empty. */
	map_fixed(addr + 1 * PAGE_SIZE, 7, RW);
	CHECK_EQ(read_pages(addr + 1 * PAGE_SIZE, 7), 0);
	return check_passed();
}
