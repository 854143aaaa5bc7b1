/*
 * Overcommit: how much memory may be promised.
 *
 * A private writable page is a promise: sooner or later it may need a frame of
 * its own. `committed` counts those promises over all address spaces, and
 * /proc/sys/vm/overcommit_memory says which new ones are given:
 *
 *	0  all but one that alone exceeds all RAM and swap
 *	1  every one: whoever touches too much meets the OOM killer
 *	2  while the sum stays within CommitLimit: touching never fails
 *
 * Linux starts in mode 0, Faultline in mode 1: here malloc(twice the RAM) is to
 * succeed, so that the difference between promise and payment can be watched.
 */
#pragma once

#include "types.h"

enum overcommit_mode {
	OVERCOMMIT_GUESS = 0,
	OVERCOMMIT_ALWAYS = 1,
	OVERCOMMIT_NEVER = 2,
};

/* Written through /proc/sys/vm, by anyone at any time: atomic. */
extern int overcommit_memory; /* enum overcommit_mode */
extern int overcommit_ratio;  /* percent of RAM that mode 2 promises */

extern int64_t overcommit_committed; /* pages, atomic: Committed_AS */

/* @delta pages were promised, or, negative, given back. */
static inline void overcommit_count(int64_t delta)
{
	__atomic_fetch_add(&overcommit_committed, delta, __ATOMIC_RELAXED);
}

/* Modes 0 and 2 of overcommit_allows(). */
bool overcommit_check(uint64_t pages, uint64_t mm_pages);

/*
 * Whether @pages more may be promised to an address space that has @mm_pages
 * already. Nothing is reserved: overcommit_count() enters what came of it. A
 * second task may slip in between, as on Linux, whose counters are not exact.
 */
static inline bool overcommit_allows(uint64_t pages, uint64_t mm_pages)
{
	return likely(overcommit_memory == OVERCOMMIT_ALWAYS) ||
	       overcommit_check(pages, mm_pages);
}

/* CommitLimit of /proc/meminfo: what mode 2 promises, in pages. */
uint64_t overcommit_limit(void);
