/*
 * A loader that asks for an address "only if it is free" would destroy what
 * lies there.
 */
#include "memory.h"

static long map_noreplace(char *addr, unsigned long nr_pages)
{
	return sys(SYS_mmap, addr, nr_pages * PAGE_SIZE, RW,
		   ANON | MAP_FIXED_NOREPLACE, -1, 0);
}

int main(void)
{
	char *addr = map_pages(5, RW);

	write_pages(addr, 5, 'x');
	unmap_pages(addr + 3 * PAGE_SIZE, 1);

	CHECK_EQ(map_noreplace(addr, 1), -EEXIST);
	CHECK_EQ(map_noreplace(addr + 2 * PAGE_SIZE, 2), -EEXIST);
	CHECK_EQ(map_noreplace(addr + 3 * PAGE_SIZE, 2), -EEXIST);
	CHECK_EQ(probe(addr + 3 * PAGE_SIZE), NOTHING);
	CHECK_EQ(read_pages(addr, 3), 3 * 'x');

	CHECK_EQ(map_noreplace(addr + 3 * PAGE_SIZE, 1), addr + 3 * PAGE_SIZE);
	CHECK_EQ(addr[3 * PAGE_SIZE], 0);
	CHECK_EQ(addr[4 * PAGE_SIZE], 'x');
	return check_passed();
}
