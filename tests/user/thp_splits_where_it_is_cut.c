/*
 * What a program does to a part of a large page would happen to all of it: a
 * neighbour's data gone after munmap, a guard page that does not guard, a child
 * that writes into its parent.
 */
#include "large.h"

static char *fresh(unsigned long nr)
{
	char *addr = map_large(nr);

	for (unsigned long page = 0; page < nr * LARGE_PAGES; page++)
		addr[page * PAGE_SIZE] = (char)(page % 251 + 1);
	CHECK_EQ(large_kib(addr), (long)(nr * LARGE / 1024));
	return addr;
}

/* All pages but [from, to) have what fresh() wrote. */
static void check_rest(const char *addr, unsigned long nr_pages,
		       unsigned long from, unsigned long to)
{
	for (unsigned long page = 0; page < nr_pages; page++)
		if (page < from || page >= to)
			CHECK_EQ(addr[page * PAGE_SIZE],
				 (char)(page % 251 + 1));
}

static void munmap_of_a_part(void)
{
	char *addr = fresh(1);

	unmap_pages(addr + 100 * PAGE_SIZE, 3);
	CHECK_EQ(probe(addr + 101 * PAGE_SIZE), NOTHING);
	check_rest(addr, LARGE_PAGES, 100, 103);
	CHECK_EQ(rss_kib(addr), 400);
	CHECK_EQ(large_kib(addr), 0);
	unmap_pages(addr, LARGE_PAGES);
}

static void mprotect_of_a_part_and_of_all(void)
{
	char *addr = fresh(1);

	CHECK_EQ(sys(SYS_mprotect, addr, LARGE, PROT_READ), 0);
	CHECK_EQ(probe(addr + 5 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(sys(SYS_mprotect, addr, LARGE, PROT_NONE), 0);
	CHECK_EQ(probe(addr + 5 * PAGE_SIZE), NOTHING);
	CHECK_EQ(sys(SYS_mprotect, addr, LARGE, RW), 0);
	CHECK_EQ(large_kib(addr), LARGE / 1024);
	check_rest(addr, LARGE_PAGES, 0, 0);
	CHECK_EQ(sys(SYS_mprotect, addr + 7 * PAGE_SIZE, PAGE_SIZE, PROT_READ),
		 0);
	CHECK_EQ(large_kib(addr), 0);
	CHECK_EQ(probe(addr + 6 * PAGE_SIZE), CAN_BOTH);
	CHECK_EQ(probe(addr + 7 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(probe(addr + 8 * PAGE_SIZE), CAN_BOTH);
	check_rest(addr, LARGE_PAGES, 0, 0);
	unmap_pages(addr, LARGE_PAGES);
}

static void dontneed_of_a_part_and_of_all(void)
{
	char *addr = fresh(2);
	long before;

	CHECK_EQ(sys(SYS_madvise, addr, LARGE, MADV_DONTNEED), 0);
	CHECK_EQ(large_kib(addr), LARGE / 1024);
	CHECK_EQ(rss_kib(addr), LARGE / 1024);
	check_rest(addr, 2 * LARGE_PAGES, 0, LARGE_PAGES);
	before = faults_start();
	write_pages(addr, 1, 'x');
	CHECK_EQ(minor_faults() - before, 1);
	CHECK_EQ(large_kib(addr), 2 * LARGE / 1024);
	CHECK_EQ(sys(SYS_madvise, addr + LARGE + 8 * PAGE_SIZE, PAGE_SIZE,
		     MADV_DONTNEED), 0);
	CHECK_EQ(addr[LARGE + 8 * PAGE_SIZE], 0);
	CHECK_EQ(large_kib(addr), LARGE / 1024);
	check_rest(addr, 2 * LARGE_PAGES, 0, LARGE_PAGES + 9);
	unmap_pages(addr, 2 * LARGE_PAGES);
}

static void a_border_of_advice(void)
{
	char *addr = fresh(1);

	CHECK_EQ(sys(SYS_madvise, addr, LARGE / 2, MADV_DONTDUMP), 0);
	CHECK_EQ(rss_kib(addr), LARGE / 2048);
	CHECK_EQ(rss_kib(addr + LARGE / 2), LARGE / 2048);
	CHECK_EQ(large_kib(addr), 0);
	check_rest(addr, LARGE_PAGES, 0, 0);
	unmap_pages(addr, LARGE_PAGES);
}

static void mremap_moves_them(void)
{
	char *addr = fresh(2), *to = map_large(4);

	CHECK_EQ(sys(SYS_mremap, addr, 2 * LARGE, 2 * LARGE,
		     MREMAP_MAYMOVE | MREMAP_FIXED, to), to);
	CHECK_EQ(large_kib(to), 2 * LARGE / 1024);
	check_rest(to, 2 * LARGE_PAGES, 0, 0);
	/* Not aligned alike: in small pages, and back. */
	CHECK_EQ(sys(SYS_mremap, to, LARGE, LARGE,
		     MREMAP_MAYMOVE | MREMAP_FIXED, addr + PAGE_SIZE),
		 addr + PAGE_SIZE);
	CHECK_EQ(large_kib(addr + PAGE_SIZE), 0);
	check_rest(addr + PAGE_SIZE, LARGE_PAGES, 0, 0);
	CHECK_EQ(probe(to), NOTHING);
	unmap_pages(addr + PAGE_SIZE, LARGE_PAGES);
	unmap_pages(to, 4 * LARGE_PAGES);
}

static char *shared;

static void child_writes(void)
{
	check_rest(shared, LARGE_PAGES, 0, 0);
	CHECK_EQ(proc_value(smaps_of(shared), "Shared_Dirty"), LARGE / 1024);
	shared[9 * PAGE_SIZE] = 'c';
	CHECK_EQ(large_kib(shared), 0);
	CHECK_EQ(rss_kib(shared), LARGE / 1024);
	CHECK_EQ(proc_value(smaps_of(shared), "Private_Dirty"), 4);
	check_rest(shared, LARGE_PAGES, 9, 10);
}

static void child_only_reads(void)
{
	check_rest(shared, LARGE_PAGES, 0, 0);
}

static void fork_shares_them(void)
{
	long before, faults;

	shared = fresh(1);
	CHECK_EQ(check_in_child(child_writes), EXITED(0));
	check_rest(shared, LARGE_PAGES, 0, 0);
	/*
	 * Where a hypervisor has small pages below the large one, each read has left an
	 * entry in the TLB that forbids to write, and Linux counts a fault for each. A
	 * fork empties the TLB; the processor may read ahead for a few.
	 */
	CHECK_EQ(check_in_child(child_only_reads), EXITED(0));
	/* The last sharer keeps all of it, at the price of one fault. */
	before = faults_start();
	write_pages(shared, LARGE_PAGES, 'p');
	faults = minor_faults() - before;
	CHECK(faults >= 1 && faults < 20);
	CHECK_EQ(large_kib(shared), LARGE / 1024);
	CHECK_EQ(proc_value(smaps_of(shared), "Private_Dirty"), LARGE / 1024);
	unmap_pages(shared, LARGE_PAGES);
}

/* The parent writes while the child still looks. */
static void parent_writes_first(void)
{
	int fds[2];
	pid_t pid;
	char byte;

	shared = fresh(1);
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(sys(SYS_read, fds[0], &byte, 1), 1);
		child_only_reads();
		_exit(0);
	}
	write_pages(shared, LARGE_PAGES, 'p');
	CHECK_EQ(sys(SYS_write, fds[1], "", 1), 1);
	check_child(pid);
	CHECK_EQ(read_pages(shared, LARGE_PAGES), (long)LARGE_PAGES * 'p');
	unmap_pages(shared, LARGE_PAGES);
}

int main(void)
{
	munmap_of_a_part();
	mprotect_of_a_part_and_of_all();
	dontneed_of_a_part_and_of_all();
	a_border_of_advice();
	mremap_moves_them();
	fork_shares_them();
	parent_writes_first();
	return check_passed();
}
