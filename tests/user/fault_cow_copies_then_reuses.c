/*
 * The price of fork() would be wrong: the first writer pays one fault and a
 * copy per page, the last sharer one fault and no copy, a reader nothing.
 */
#include "memory.h"

#define NR_PAGES 32

static char *addr;

static long write_faults(char value)
{
	long before = faults_start();

	write_pages(addr, NR_PAGES, value);
	return minor_faults() - before;
}

static void in_child(void)
{
	long before = faults_start();

	CHECK_EQ(read_pages(addr, NR_PAGES), NR_PAGES * 'p');
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(write_faults('c'), NR_PAGES);
	CHECK_EQ(write_faults('d'), 0);
}

static void do_nothing(void)
{
}

int main(void)
{
	addr = map_pages(NR_PAGES, RW);
	CHECK_EQ(write_faults('p'), NR_PAGES);
	CHECK_EQ(check_in_child(in_child), EXITED(0));
	CHECK_EQ(read_pages(addr, NR_PAGES), NR_PAGES * 'p');
	CHECK_EQ(write_faults('q'), NR_PAGES);
	CHECK_EQ(write_faults('r'), 0);

	CHECK_EQ(check_in_child(do_nothing), EXITED(0));
	CHECK_EQ(write_faults('s'), NR_PAGES);
	return check_passed();
}
