/*
 * large.h - memory that may have large pages, for tests about those.
 *
 * On Linux a large page needs 2 MiB in one piece, which a machine may not have:
 * there the tests make no claim about sizes unless the first one could be had.
 */
#pragma once

#include "proc.h"

#define LARGE 0x200000UL
#define LARGE_PAGES (LARGE / PAGE_SIZE)

/* @nr large pages worth of untouched memory, aligned, that asks for them. */
static inline char *map_large(unsigned long nr)
{
	char *start = map_pages((nr + 1) * LARGE_PAGES, RW);
	char *at = (char *)(((unsigned long)start + LARGE - 1) & ~(LARGE - 1));

	if (at > start)
		unmap_pages(start, (unsigned long)(at - start) / PAGE_SIZE);
	if (start + LARGE > at)
		unmap_pages(at + nr * LARGE,
			    (unsigned long)(start + LARGE - at) / PAGE_SIZE);
	CHECK_EQ(sys(SYS_madvise, at, nr * LARGE, MADV_HUGEPAGE), 0);
	return at;
}

/* KiB in large pages, of the VMA that starts at @start. */
static inline long large_kib(const char *start)
{
	return proc_value(smaps_of(start), "AnonHugePages");
}

static inline long rss_kib(const char *start)
{
	return proc_value(smaps_of(start), "Rss");
}
