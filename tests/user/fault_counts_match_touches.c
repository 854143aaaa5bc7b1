/*
 * The numbers that `ps -o minflt` and every lesson show would be wrong: one
 * minor fault per first touch, none for a second one.
 */
// linux: zero-frame
#include "memory.h"

#define NR_PAGES 64

static long write_faults(char *addr)
{
	long before = faults_start();

	write_pages(addr, NR_PAGES, 1);
	return minor_faults() - before;
}

static long read_faults(char *addr)
{
	long before = faults_start();

	read_pages(addr, NR_PAGES);
	return minor_faults() - before;
}

int main(void)
{
	char *addr = map_pages(NR_PAGES, RW);

	read_faults(addr);		/* brings in our own code */
	write_faults(addr);
	unmap_pages(addr, NR_PAGES);

	addr = map_pages(NR_PAGES, RW);
	CHECK_EQ(write_faults(addr), NR_PAGES);
	CHECK_EQ(write_faults(addr), 0);
	CHECK_EQ(read_faults(addr), 0);

	/* Read first: the zero frame, then a frame of its own. */
	addr = map_pages(NR_PAGES, RW);
	CHECK_EQ(read_faults(addr), NR_PAGES);
	CHECK_EQ(read_faults(addr), 0);
	CHECK_EQ(write_faults(addr), NR_PAGES);
	CHECK_EQ(write_faults(addr), 0);

	/* Unmapped and mapped again: as if it had never been. */
	unmap_pages(addr, NR_PAGES);
	map_fixed(addr, NR_PAGES, RW);
	CHECK_EQ(write_faults(addr), NR_PAGES);

	/* Both sides of a page border in one access: two pages, two faults. */
	addr = map_pages(2, RW);
	long before = faults_start();
	*(volatile long *)(addr + PAGE_SIZE - 4) = 1;
	CHECK_EQ(minor_faults() - before, 2);
	return check_passed();
}
