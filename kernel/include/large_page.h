/*
 * Large pages: one entry of a pd shows 2 MiB of anonymous memory.
 *
 *	pd entry -> 512 frames, aligned        instead of
 *	pd entry -> pt: 512 entries -> 512 frames
 *
 * Those frames are one block with one reference per entry that shows it, or,
 * when another address space has split its view of them, single frames with a
 * reference each. The order of the first one tells which.
 *
 * An entry can always be split, though memory is used up: the table for that is
 * taken when the entry is made, and waits in mm->spare_tables. A large page lies
 * within one VMA; whatever makes a border inside one splits it first.
 *
 * pgtable.c and thp.c call these functions for entries of a pd. They hold the lock
 * of the mm, and flush the TLB where none is mentioned. That the two views of a
 * block belong to different address spaces, which have a lock each, takes one
 * CPU: nothing here sleeps.
 */
#pragma once

#include "arch.h"
#include "types.h"

struct frame;
struct mm_struct;

/* What happened since boot: the names are those of /proc/vmstat. */
struct large_page_stats {
	uint64_t fault_alloc, fault_fallback;
	uint64_t split_page; /* blocks that became single frames */
	uint64_t split_pmd;  /* entries that became tables */
	uint64_t zero_page_alloc, zero_page_alloc_failed;
	uint64_t nr_blocks;  /* of anonymous memory, now */
};

extern struct large_page_stats large_page_stats;

/*
 * Map fresh zeroed frames at the empty @slot with @rights; counted in rss. False:
 * there is no block or no table, or memory is too short for a luxury.
 */
bool large_page_map_fresh(struct mm_struct *mm, pte_t *slot,
			  unsigned int rights);

/* The same with the one shared block of zeros, which is never written. */
bool large_page_map_zero(struct mm_struct *mm, pte_t *slot,
			 unsigned int rights);

/* Whether @large shows the shared block of zeros. */
bool large_page_is_zero(pte_t large);

/*
 * Whether @large is the only entry that shows its frames, so that it may be
 * written; then they are one block.
 */
bool large_page_is_exclusive(pte_t large);

/* Put a table with 512 entries in the place of the page at @addr. Flushes. */
void large_page_split(struct mm_struct *mm, pte_t *slot, vaddr_t addr);

/* Take the page away and count it out of rss. */
void large_page_unmap(struct mm_struct *mm, pte_t *slot);

/*
 * fork: show the page at @from in @child, too, at the empty entry @to; with @cow
 * both lose the right to write. 0, or -ENOMEM with nothing changed.
 */
int large_page_copy(struct mm_struct *child, pte_t *to, pte_t *from, bool cow);
