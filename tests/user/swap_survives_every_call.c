/*
 * guest-only: see swap.h.
 * A page that is on disk is still a page of its mapping: fork, mremap, mprotect,
 * munmap, madvise, mincore, mlock, system calls that read it and exit must all
 * treat it so. If one forgot, contents would be lost, seen by others, or slots
 * never come back.
 */
// guest: MEM=64M SWAP=64M TIMEOUT=120
#include "swap.h"

#define NR 64UL

static char *swapped_pages(unsigned long nr)
{
	char *pages = map_pages(nr, RW);

	fill_pages(pages, nr);
	page_out(pages, nr);
	CHECK_EQ(nr_swapped(pages, nr), nr);
	return pages;
}

static unsigned long nr_resident(const char *pages, unsigned long nr)
{
	static unsigned char vector[4096];
	unsigned long sum = 0;

	CHECK_EQ(sys(SYS_mincore, pages, nr * PAGE_SIZE, vector), 0);
	for (unsigned long i = 0; i < nr; i++)
		sum += vector[i];
	return sum;
}

static void touch_brings_it_back(void)
{
	char *pages = swapped_pages(NR);
	long major = major_faults(), in = vmstat("pswpin");

	CHECK_EQ(nr_resident(pages, NR), 0);
	CHECK_EQ(proc_value(smaps_of(pages), "Rss"), 0);
	CHECK_EQ(proc_value(smaps_of(pages), "Swap"), NR * 4);
	CHECK_EQ(proc_value(smaps_of(pages), "SwapPss"), NR * 4);
	CHECK(page_is_right(pages + 20 * PAGE_SIZE, 20));
	CHECK_EQ(major_faults(), major + 1);
	/* Its neighbours came with it, into the cache. */
	CHECK(vmstat("pswpin") > in + 1);
	CHECK(nr_resident(pages, NR) > 1);
	CHECK(nr_swapped(pages, NR) == NR - 1);
	check_pages(pages, NR);
	CHECK(major_faults() - major < (long)NR / 2);
	CHECK_EQ(nr_swapped(pages, NR), 0);
	unmap_pages(pages, NR);
}

/* A clean page may go again without being written. */
static void clean_pages_go_for_free(void)
{
	char *pages = swapped_pages(NR);
	long out;

	check_pages(pages, NR);
	out = vmstat("pswpout");
	page_out(pages, NR);
	CHECK_EQ(nr_swapped(pages, NR), NR);
	CHECK_EQ(vmstat("pswpout"), out);
	check_pages(pages, NR);
	fill_page(pages + 7 * PAGE_SIZE, 7); /* and a dirty one not */
	page_out(pages, NR);
	CHECK_EQ(vmstat("pswpout"), out + 1);
	unmap_pages(pages, NR);
}

static void child_reads_and_writes(char *pages)
{
	check_pages(pages, NR);
	fill_page(pages + PAGE_SIZE, 1000);
	fill_page(pages + 40 * PAGE_SIZE, 1001);
	page_out(pages, NR);
	CHECK(page_is_right(pages + PAGE_SIZE, 1000));
	_exit(0);
}

static void fork_shares_slots(void)
{
	char *pages = swapped_pages(NR);
	unsigned long used = swap_used();
	pid_t pid;

	CHECK(page_is_right(pages + 3 * PAGE_SIZE, 3));
	pid = check_fork();
	if (pid == 0)
		child_reads_and_writes(pages);
	check_child(pid);
	check_pages(pages, NR);
	CHECK(swap_used() <= used);
	fill_page(pages, 5000);
	CHECK(page_is_right(pages, 5000));
	unmap_pages(pages, NR);
}

static void fork_halves_the_share(void)
{
	char *pages = swapped_pages(NR);
	pid_t pid = check_fork();

	if (pid == 0) {
		CHECK_EQ(proc_value(smaps_of(pages), "Swap"), NR * 4);
		CHECK_EQ(proc_value(smaps_of(pages), "SwapPss"), NR * 2);
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(proc_value(smaps_of(pages), "SwapPss"), NR * 4);
	unmap_pages(pages, NR);
}

static void mremap_moves_entries(void)
{
	char *pages = swapped_pages(NR);
	char *target = map_pages(NR, RW);

	CHECK_EQ(sys(SYS_mremap, pages, NR * PAGE_SIZE, NR * PAGE_SIZE,
		     MREMAP_MAYMOVE | MREMAP_FIXED, target), target);
	CHECK_EQ(nr_swapped(target, NR), NR);
	check_pages(target, NR);
	unmap_pages(target, NR);
}

static void mprotect_holds_on_return(void)
{
	char *pages = swapped_pages(NR);

	CHECK_EQ(sys(SYS_mprotect, pages, NR * PAGE_SIZE, PROT_READ), 0);
	CHECK_EQ(nr_swapped(pages, NR), NR);
	CHECK_EQ(probe(pages + 9 * PAGE_SIZE), CAN_READ);
	CHECK_EQ(sys(SYS_mprotect, pages, NR * PAGE_SIZE, PROT_NONE), 0);
	CHECK_EQ(probe(pages + 20 * PAGE_SIZE), NOTHING);
	page_out(pages, NR);
	CHECK_EQ(sys(SYS_mprotect, pages, NR * PAGE_SIZE, RW), 0);
	check_pages(pages, NR);
	CHECK_EQ(probe(pages + 9 * PAGE_SIZE), CAN_BOTH);
	unmap_pages(pages, NR);
}

static void dontneed_frees_slots(void)
{
	unsigned long used = swap_used();
	char *pages = swapped_pages(NR);

	CHECK_EQ(swap_used(), used + NR);
	CHECK_EQ(sys(SYS_madvise, pages, NR / 2 * PAGE_SIZE, MADV_DONTNEED), 0);
	CHECK_EQ(swap_used(), used + NR / 2);
	CHECK_EQ(sys(SYS_madvise, pages, NR * PAGE_SIZE, MADV_FREE), 0);
	CHECK_EQ(swap_used(), used);
	CHECK_EQ(read_pages(pages, NR), 0);
	unmap_pages(pages, NR);
}

static void willneed_reads_ahead(void)
{
	char *pages = swapped_pages(NR);
	long major;

	CHECK_EQ(sys(SYS_madvise, pages, NR * PAGE_SIZE, MADV_WILLNEED), 0);
	CHECK_EQ(nr_resident(pages, NR), NR);
	CHECK_EQ(nr_swapped(pages, NR), NR);
	major = major_faults();
	check_pages(pages, NR);
	CHECK_EQ(major_faults(), major);
	unmap_pages(pages, NR);
}

static void mlock_brings_back_and_keeps(void)
{
	char *pages = swapped_pages(NR);

	CHECK_EQ(sys(SYS_mlock, pages, NR * PAGE_SIZE), 0);
	CHECK_EQ(nr_swapped(pages, NR), 0);
	CHECK_EQ(sys(SYS_madvise, pages, NR * PAGE_SIZE, MADV_PAGEOUT), -EINVAL);
	check_pages(pages, NR);
	unmap_pages(pages, NR);
}

static void system_calls_read_and_write_it(void)
{
	char *pages = swapped_pages(NR), byte;
	int fds[2];

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_write, fds[1], pages + 5 * PAGE_SIZE, 1), 1);
	CHECK_EQ(sys(SYS_read, fds[0], &byte, 1), 1);
	CHECK_EQ(byte, pages[5 * PAGE_SIZE]);
	page_out(pages, NR);
	CHECK_EQ(sys(SYS_write, fds[1], "x", 1), 1);
	CHECK_EQ(sys(SYS_read, fds[0], pages + 50 * PAGE_SIZE, 1), 1);
	CHECK_EQ(pages[50 * PAGE_SIZE], 'x');
	pages[50 * PAGE_SIZE] = 0;
	fill_page(pages + 50 * PAGE_SIZE, 50);
	check_pages(pages, NR);
	unmap_pages(pages, NR);
}

static void exit_frees_slots(void)
{
	swapped_pages(NR);
	_exit(0);
}

int main(void)
{
	unsigned long used = swap_used();

	touch_brings_it_back();
	clean_pages_go_for_free();
	fork_shares_slots();
	fork_halves_the_share();
	mremap_moves_entries();
	mprotect_holds_on_return();
	dontneed_frees_slots();
	willneed_reads_ahead();
	mlock_brings_back_and_keeps();
	system_calls_read_and_write_it();
	CHECK_EQ(check_in_child(exit_frees_slots), EXITED(0));
	CHECK_EQ(swap_used(), used);
	return check_passed();
}
