/*
 * A program that must not be late later (audio, a database) maps with
 * MAP_POPULATE; its first touches would still fault.
 */
#include "memory.h"

static char *map_populated(unsigned long nr_pages, int prot)
{
	long addr = sys(SYS_mmap, 0, nr_pages * PAGE_SIZE, prot,
			ANON | MAP_POPULATE, -1, 0);

	CHECK(addr > 0);
	return (char *)addr;
}

int main(void)
{
	char *writable, *readable;
	long before;

	map_populated(1, RW);
	writable = map_populated(32, RW);
	readable = map_populated(32, PROT_READ);
	map_populated(4, PROT_NONE);	/* nothing to fill, no error either */

	before = faults_start();
	write_pages(writable, 32, 1);
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(read_pages(readable, 32), 0);
	CHECK_EQ(minor_faults() - before, 0);
	return check_passed();
}
