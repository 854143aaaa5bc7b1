/*
 * Who asks for large pages would not get them, or pay 512 faults for each, or the
 * numbers that show them (smaps, mincore, pagemap) would disagree. Whoever did
 * not ask would find RSS growing by 2 MiB at a touch.
 */
// linux: zero-frame
#include <sys/prctl.h>

#include "large.h"

static long faults_of_touching(char *addr, unsigned long nr_pages)
{
	long before = faults_start();

	write_pages(addr, nr_pages, 'a');
	return minor_faults() - before;
}

static void pages_come_at_once(void)
{
	static unsigned char resident[2 * LARGE_PAGES];
	char *addr = map_large(2);

	CHECK_EQ(proc_value(smaps_of(addr), "THPeligible"), 1);
	CHECK(strstr(smaps_of(addr), " hg ") != NULL);
	CHECK_EQ(faults_of_touching(addr + 5 * PAGE_SIZE, 1), 1);
	CHECK_EQ(faults_of_touching(addr, LARGE_PAGES), 0);
	CHECK_EQ(large_kib(addr), LARGE / 1024);
	CHECK_EQ(rss_kib(addr), LARGE / 1024);
	CHECK_EQ(sys(SYS_mincore, addr, 2 * LARGE, resident), 0);
	for (unsigned long i = 0; i < 2 * LARGE_PAGES; i++)
		CHECK_EQ(resident[i], i < LARGE_PAGES);
	for (unsigned long i = 0; i < LARGE; i += 512)
		CHECK_EQ(addr[i], i % PAGE_SIZE ? 0 : 'a');
	unmap_pages(addr, 2 * LARGE_PAGES);
}

/* The frames of a large page follow each other, the first one aligned. */
static void pagemap_shows_512_frames(void)
{
	static unsigned long words[LARGE_PAGES];
	const unsigned long frame_mask = (1UL << 55) - 1;
	char *addr = map_large(1);
	long fd = sys(SYS_open, "/proc/self/pagemap", O_RDONLY);
	unsigned long first;

	write_pages(addr, 1, 'a');
	CHECK_EQ(sys(SYS_pread64, fd, words, sizeof(words),
		     (unsigned long)addr / PAGE_SIZE * 8), sizeof(words));
	sys(SYS_close, fd);
	first = words[0] & frame_mask;
	CHECK_EQ(first % LARGE_PAGES, 0);
	for (unsigned long i = 0; i < LARGE_PAGES; i++) {
		CHECK_EQ(words[i] >> 63, 1);
		CHECK_EQ(words[i] >> 56 & 1, 1);
		if (first)
			CHECK_EQ(words[i] & frame_mask, first + i);
	}
	unmap_pages(addr, LARGE_PAGES);
}

/* A read shows zeros that cost nothing; the first write brings memory. */
static void reading_costs_no_memory(void)
{
	char *addr = map_large(1);
	long before = faults_start();

	CHECK_EQ(read_pages(addr, LARGE_PAGES), 0);
	CHECK_EQ(minor_faults() - before, 1);
	CHECK_EQ(rss_kib(addr), 0);
	CHECK_EQ(large_kib(addr), 0);
	CHECK_EQ(faults_of_touching(addr + 7 * PAGE_SIZE, 3), 1);
	CHECK_EQ(rss_kib(addr), LARGE / 1024);
	CHECK_EQ(read_pages(addr, LARGE_PAGES), 3 * 'a');
	unmap_pages(addr, LARGE_PAGES);
}

/* Only a whole aligned large page inside the VMA can be one. */
static void edges_stay_small(void)
{
	char *addr = map_large(3) + PAGE_SIZE;

	unmap_pages(addr - PAGE_SIZE, 1);
	CHECK_EQ(faults_of_touching(addr, 4), 4);
	CHECK_EQ(faults_of_touching(addr + LARGE - PAGE_SIZE, 4), 1);
	CHECK_EQ(large_kib(addr), LARGE / 1024);
	CHECK_EQ(rss_kib(addr), LARGE / 1024 + 16);
	unmap_pages(addr, 3 * LARGE_PAGES - 1);
}

static void who_declines_gets_none(void)
{
	char *addr = map_large(1);

	CHECK_EQ(sys(SYS_madvise, addr, LARGE, MADV_NOHUGEPAGE), 0);
	CHECK_EQ(proc_value(smaps_of(addr), "THPeligible"), 0);
	CHECK(strstr(smaps_of(addr), " nh ") != NULL);
	CHECK_EQ(faults_of_touching(addr, 4), 4);
	unmap_pages(addr, LARGE_PAGES);
}

static void child_is_without(void)
{
	char *addr = map_large(1);

	CHECK_EQ(sys(SYS_prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
	CHECK_EQ(proc_value(smaps_of(addr), "THPeligible"), 0);
	CHECK_EQ(faults_of_touching(addr, 4), 4);
}

static void prctl_switches_them_off(void)
{
	CHECK_EQ(sys(SYS_prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
	CHECK_EQ(sys(SYS_prctl, PR_GET_THP_DISABLE, 1, 0, 0, 0), -EINVAL);
	CHECK_EQ(sys(SYS_prctl, PR_SET_THP_DISABLE, 1, 0, 1, 0), -EINVAL);
	CHECK_EQ(sys(SYS_prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0), 0);
	CHECK_EQ(proc_value(proc_text("/proc/self/status"), "THP_enabled"), 0);
	CHECK_EQ(check_in_child(child_is_without), EXITED(0));
	CHECK_EQ(sys(SYS_prctl, PR_SET_THP_DISABLE, 0, 0, 0, 0), 0);
	CHECK_EQ(proc_value(proc_text("/proc/self/status"), "THP_enabled"), 1);
}

static void the_heap_has_them(void)
{
	unsigned long brk = (unsigned long)sys(SYS_brk, 0);
	unsigned long start = (brk + LARGE - 1) & ~(LARGE - 1);

	CHECK_EQ(sys(SYS_brk, start + LARGE), start + LARGE);
	CHECK_EQ(sys(SYS_madvise, start, LARGE, MADV_HUGEPAGE), 0);
	CHECK_EQ(faults_of_touching((char *)start, LARGE_PAGES), 1);
	CHECK_EQ(large_kib((char *)start), LARGE / 1024);
	CHECK_EQ(sys(SYS_brk, brk), brk);
}

int main(void)
{
	pages_come_at_once();
	pagemap_shows_512_frames();
	reading_costs_no_memory();
	edges_stay_small();
	who_declines_gets_none();
	prctl_switches_them_off();
	the_heap_has_them();
	return check_passed();
}
