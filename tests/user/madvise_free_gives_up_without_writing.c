/*
 * guest-only: Linux decides itself when it is short of memory.
 * An allocator that calls MADV_FREE expects that pages it uses again before that
 * cost nothing, that their new contents stay, and that the others go first, and
 * without a write to the disk.
 */
// guest: MEM=64M SWAP=128M TIMEOUT=120
#include "swap.h"

#define NR 256UL

static void used_again_is_kept(void)
{
	char *pages = map_pages(NR, RW);
	long minor;

	fill_pages(pages, NR);
	CHECK_EQ(sys(SYS_madvise, pages, NR * PAGE_SIZE, MADV_FREE), 0);
	CHECK_EQ(proc_value(smaps_of(pages), "LazyFree"), NR * 4);
	CHECK_EQ(proc_value(smaps_of(pages), "Rss"), NR * 4);
	check_pages(pages, NR); /* memory is not short */
	minor = faults_start();
	for (unsigned long i = 0; i < NR; i += 2)
		fill_page(pages + i * PAGE_SIZE, i + 1);
	CHECK_EQ(minor_faults(), minor);
	CHECK_EQ(proc_value(smaps_of(pages), "LazyFree"), NR / 2 * 4);

	page_out(pages, NR);
	for (unsigned long i = 0; i < NR; i++) {
		const char *page = pages + i * PAGE_SIZE;

		if (i % 2)
			CHECK_EQ(read_pages(page, 1), 0);
		else
			CHECK(page_is_right(page, i + 1));
	}
	unmap_pages(pages, NR);
}

/* The pages of one are forgotten; the other's are not touched. */
static void fork_is_not_harmed(void)
{
	char *pages = map_pages(NR, RW);
	pid_t pid;

	fill_pages(pages, NR);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(sys(SYS_madvise, pages, NR * PAGE_SIZE, MADV_FREE), 0);
		page_out(pages, NR);
		_exit(0);
	}
	check_child(pid);
	check_pages(pages, NR);
	unmap_pages(pages, NR);
}

static void goes_before_anything_is_written(void)
{
	unsigned long nr = ram_pages() / 2;
	char *given = map_pages(nr, RW), *wanted;
	long out;

	fill_pages(given, nr);
	CHECK_EQ(sys(SYS_madvise, given, nr * PAGE_SIZE, MADV_FREE), 0);
	out = vmstat("pswpout");
	wanted = map_pages(nr, RW);
	fill_pages(wanted, nr);
	check_pages(wanted, nr);
	/* Some of what was in use may have gone on the way, but not much. */
	CHECK(vmstat("pswpout") - out < (long)nr / 8);
	_exit(0);
}

int main(void)
{
	used_again_is_kept();
	fork_is_not_harmed();
	CHECK_EQ(check_in_child(goes_before_anything_is_written), EXITED(0));
	bring_all_back();
	return check_passed();
}
