/*
 * swap.h - what tests about swapping have in common. They are guest-only: not
 * every build machine has swap, and none may have it taken away.
 */
#pragma once

#include <stdint.h>
#include <sys/sysinfo.h>

#include "proc.h"

#define DISK "/dev/vda"
#define PAGEMAP_PRESENT (1UL << 63)
#define PAGEMAP_SWAPPED (1UL << 62)

/* A number of /proc/vmstat, whose lines have no colon. */
static inline long vmstat(const char *name)
{
	const char *line = proc_text("/proc/vmstat");
	unsigned long length = strlen(name);

	while (line) {
		if (memcmp(line, name, length) == 0 && line[length] == ' ')
			return strtol(line + length, NULL, 10);
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	CHECK_STR("no such line", name);
	return -1;
}

static inline long major_faults(void)
{
	static struct rusage usage;

	sys(SYS_getrusage, RUSAGE_SELF, &usage);
	return usage.ru_majflt;
}

static inline unsigned long ram_pages(void)
{
	static struct sysinfo info;

	CHECK_EQ(sys(SYS_sysinfo, &info), 0);
	return info.totalram * info.mem_unit / PAGE_SIZE;
}

static inline unsigned long free_pages(void)
{
	static struct sysinfo info;

	CHECK_EQ(sys(SYS_sysinfo, &info), 0);
	return info.freeram * info.mem_unit / PAGE_SIZE;
}

/* Pages of swap in use, which includes pages that are in memory too. */
static inline unsigned long swap_used(void)
{
	static struct sysinfo info;

	CHECK_EQ(sys(SYS_sysinfo, &info), 0);
	return (info.totalswap - info.freeswap) * info.mem_unit / PAGE_SIZE;
}

static inline uint64_t pagemap(const void *addr)
{
	long fd = sys(SYS_open, "/proc/self/pagemap", O_RDONLY);
	uint64_t word = 0;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_pread64, fd, &word, 8, (uintptr_t)addr / PAGE_SIZE * 8),
		 8);
	sys(SYS_close, fd);
	return word;
}

/* A page of words that only page number @i has. */
static inline void fill_page(char *page, unsigned long i)
{
	unsigned long *words = (unsigned long *)page;

	for (unsigned long j = 0; j < PAGE_SIZE / 8; j++)
		words[j] = (i + 1) * 0x9e3779b97f4a7c15u + j;
}

static inline void fill_pages(char *pages, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		fill_page(pages + i * PAGE_SIZE, i);
}

static inline int page_is_right(const char *page, unsigned long i)
{
	const volatile unsigned long *words = (const unsigned long *)page;

	for (unsigned long j = 0; j < PAGE_SIZE / 8; j++)
		if (words[j] != (i + 1) * 0x9e3779b97f4a7c15u + j)
			return 0;
	return 1;
}

static inline void check_pages(const char *pages, unsigned long nr)
{
	for (unsigned long i = 0; i < nr; i++)
		CHECK(page_is_right(pages + i * PAGE_SIZE, i));
}

static inline void page_out(char *pages, unsigned long nr)
{
	CHECK_EQ(sys(SYS_madvise, pages, nr * PAGE_SIZE, MADV_PAGEOUT), 0);
}

/*
 * Bring everything back, also what of the system's files has gone out under
 * pressure: frames are counted before and after each test.
 */
static inline void bring_all_back(void)
{
	CHECK_EQ(sys(SYS_swapoff, DISK), 0);
	CHECK_EQ(swap_used(), 0);
	CHECK_EQ(sys(SYS_swapon, DISK, 0), 0);
}

/* Of @nr pages: how many are swapped out. */
static inline unsigned long nr_swapped(const char *pages, unsigned long nr)
{
	unsigned long sum = 0;

	for (unsigned long i = 0; i < nr; i++)
		sum += (pagemap(pages + i * PAGE_SIZE) & PAGEMAP_SWAPPED) != 0;
	return sum;
}
