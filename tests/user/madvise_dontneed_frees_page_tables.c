/*
 * A heap that was emptied in small pieces would never have large pages again: the
 * tables that showed the pieces stand in their place. And a program that has given
 * back a gigabyte would keep two megabytes of empty tables.
 */
// linux: table-reclaim
#include "large.h"

#define NR 8		/* tables */
#define TABLE_KIB ((long)(PAGE_SIZE / 1024))

static long tables_kib(void)
{
	return proc_value(proc_text("/proc/self/status"), "VmPTE");
}

static void drop(const char *at, unsigned long bytes)
{
	CHECK_EQ(sys(SYS_madvise, at, bytes, MADV_DONTNEED), 0);
}

/* Those that show something outside of the range have to stay, with what it is. */
static void only_whole_tables_go(void)
{
	char *at = map_large(NR);
	long before;

	CHECK_EQ(sys(SYS_madvise, at, NR * LARGE, MADV_NOHUGEPAGE), 0);
	write_pages(at, NR * LARGE_PAGES, 'a');
	before = tables_kib();
	drop(at + PAGE_SIZE, NR * LARGE - PAGE_SIZE);
	CHECK_EQ(before - tables_kib(), (NR - 1) * TABLE_KIB);
	CHECK_EQ(at[0], 'a');
	CHECK_EQ(at[PAGE_SIZE], 0);
	drop(at, LARGE);
	CHECK_EQ(before - tables_kib(), NR * TABLE_KIB);
	write_pages(at, NR * LARGE_PAGES, 'b');
	CHECK_EQ(tables_kib(), before);
	CHECK_EQ(rss_kib(at), (long)(NR * LARGE / 1024));
	unmap_pages(at, NR * LARGE_PAGES);
}

static void large_pages_come_back(void)
{
	char *at = map_large(1);
	long whole;

	write_pages(at, 1, 'a');
	whole = large_kib(at);		/* zero if this machine has none */
	for (unsigned long page = 0; page < LARGE_PAGES; page++)
		drop(at + page * PAGE_SIZE, PAGE_SIZE);
	drop(at, LARGE);
	write_pages(at, 1, 'b');
	CHECK_EQ(large_kib(at), whole);
	CHECK_EQ(at[LARGE - 1], 0);
	unmap_pages(at, LARGE_PAGES);
}

int main(void)
{
	only_whole_tables_go();
	large_pages_come_back();
	return check_passed();
}
