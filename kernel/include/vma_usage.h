/*
 * What the pages of a VMA are: the numbers of smaps and pmap.
 */
#pragma once

#include "frame.h"
#include "mm.h"
#include "types.h"

struct mm_struct;
struct vma;

/*
 * A page that n address spaces map is shared if n > 1, and counts as 1/n in the
 * "proportional" sizes, whose sum over all programs is what they really use.
 * Those have PSS_SHIFT binary places, so that the parts of many pages add up.
 *
 *	rss == shared_clean + shared_dirty + private_clean + private_dirty
 */
struct vma_usage {
	uint64_t rss, referenced, anonymous, lazy_free, swap; /* bytes */
	uint64_t large; /* in large pages */
	uint64_t shared_clean, shared_dirty;
	uint64_t private_clean, private_dirty;
	uint64_t pss, pss_dirty, pss_locked, swap_pss;
	uint64_t pss_kind[NR_RSS_KINDS]; /* their sum is pss */
};

#define PSS_SHIFT 12

/* Add the pages of @vma to @usage. Caller holds mm->lock. */
void vma_usage_add(struct vma_usage *usage, struct mm_struct *mm,
		   const struct vma *vma);

/*
 * Frames of files that programs have mapped, each counted once: Mapped of
 * /proc/meminfo. Walks all page tables; takes tasklist_lock and each mm->lock.
 */
uint64_t mapped_file_frames(void);

/* How many page tables show @frame, which is mapped by one at least. */
uint32_t frame_mappers(const struct frame *frame);
