/*
 * A program that maps 5000 bytes would lose its second page, or keep a page
 * after munmap of the same 5000 bytes.
 */
#include "memory.h"

int main(void)
{
	char *addr = map_pages(4, PROT_NONE);	/* room that is ours */

	CHECK_EQ(sys(SYS_mmap, addr, 5000, RW, ANON | MAP_FIXED, -1, 0), addr);
	CHECK_EQ(probe(addr), CAN_BOTH);
	CHECK_EQ(probe(addr + 2 * PAGE_SIZE - 1), CAN_BOTH);
	CHECK_EQ(probe(addr + 2 * PAGE_SIZE), NOTHING);

	CHECK_EQ(sys(SYS_munmap, addr, 5000), 0);
	CHECK_EQ(probe(addr), NOTHING);
	CHECK_EQ(probe(addr + PAGE_SIZE), NOTHING);

	CHECK_EQ(sys(SYS_mprotect, addr + 2 * PAGE_SIZE, 1, RW), 0);
	CHECK_EQ(probe(addr + 3 * PAGE_SIZE - 1), CAN_BOTH);
	CHECK_EQ(probe(addr + 3 * PAGE_SIZE), NOTHING);
	return check_passed();
}
