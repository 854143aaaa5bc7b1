/*
 * Who looks for a program's true memory adds up Pss: it must halve when two
 * processes share a page, and come back when one of them writes.
 */
// linux: zero-frame
#include "proc.h"

#define NR_PAGES 8
#define KIB (NR_PAGES * 4)

static char *region;

static void expect(long pss, long shared_dirty, long private_dirty)
{
	const char *text = smaps_of(region);

	CHECK_EQ(proc_value(text, "Size"), 2 * KIB);
	CHECK_EQ(proc_value(text, "Rss"), KIB);
	CHECK_EQ(proc_value(text, "Pss"), pss);
	CHECK_EQ(proc_value(text, "Pss_Dirty"), pss);
	CHECK_EQ(proc_value(text, "Shared_Clean"), 0);
	CHECK_EQ(proc_value(text, "Shared_Dirty"), shared_dirty);
	CHECK_EQ(proc_value(text, "Private_Clean"), 0);
	CHECK_EQ(proc_value(text, "Private_Dirty"), private_dirty);
	CHECK_EQ(proc_value(text, "Anonymous"), KIB);
	CHECK_EQ(proc_value(text, "Swap"), 0);
}

/* The child has all pages with its parent, then copies half of them. */
static void child(void)
{
	expect(KIB / 2, KIB, 0);
	write_pages(region, NR_PAGES / 2, 2);
	expect(KIB * 3 / 4, KIB / 2, KIB / 2);
	_exit(0);
}

int main(void)
{
	char *guards = map_pages(2 * NR_PAGES + 2, PROT_NONE);
	pid_t pid;

	/* No neighbour can merge with it. */
	region = guards + PAGE_SIZE;
	map_fixed(region, 2 * NR_PAGES, RW);
	CHECK_EQ(proc_value(smaps_of(region), "Rss"), 0);
	/* Zeros that were only read are no memory of anybody's. */
	read_pages(region + NR_PAGES * PAGE_SIZE, NR_PAGES);
	write_pages(region, NR_PAGES, 1);
	expect(KIB, 0, KIB);
	pid = check_fork();
	if (pid == 0)
		child();
	check_child(pid);
	expect(KIB, 0, KIB);
	return check_passed();
}
