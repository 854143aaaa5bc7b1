/*
 * Eviction: taking pages away from the programs that have them mapped.
 */
#pragma once

#include "arch.h"
#include "types.h"

struct mm_struct;

/*
 * 0 to 200, /proc/sys/vm/swappiness: how readily pages of programs go to swap,
 * against those of files, which are given up for free. At 100 both kinds go alike;
 * at 0 the first kind only when nothing else is left.
 */
extern int swappiness;

/*
 * Free up to @target frames of pages that were not used lately, and look at
 * @budget of them for it, or at each of them twice. @force: also what swappiness
 * would spare. Returns how many. Takes each mm->lock and sleeps.
 */
size_t evict_pages(size_t target, size_t budget, bool force);

/*
 * madvise: the pages of [start, end), which one VMA covers, will not be used soon.
 * With @now they go at once, unless others have them mapped too; else they count
 * as unused from now on. Caller holds mm->lock; with @now it is let go and taken
 * again, so that VMAs may have changed. Returns how far the work got.
 */
vaddr_t evict_range_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			   bool now);
