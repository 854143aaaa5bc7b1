/*
 * Large pages: making, sharing, splitting and dropping the entries. See
 * large_page.h.
 */
#include "large_page.h"

#include <uapi/errno.h>

#include "frame.h"
#include "mm.h"
#include "panic.h"
#include "reclaim.h"
#include "swap.h"

struct large_page_stats large_page_stats;

/* Zeros for read faults, made when first wanted; one reference per entry. */
static struct frame *zero_block;

/* ---- spare tables ---- */

/* One more table for a later split; false: no memory. */
static bool add_spare_table(struct mm_struct *mm)
{
	struct frame *table = frame_alloc(0, FRAME_PGTABLE);

	if (!table)
		return false;
	table->owner = mm->spare_tables;
	mm->spare_tables = table;
	mm->pgtable_frames++;
	return true;
}

/* There is one for each large page. It still counts as a table. */
static struct frame *take_spare_table(struct mm_struct *mm)
{
	struct frame *table = mm->spare_tables;

	KASSERT(table);
	mm->spare_tables = table->owner;
	return table;
}

static void drop_spare_table(struct mm_struct *mm)
{
	frame_free(take_spare_table(mm));
	mm->pgtable_frames--;
}

/* ---- blocks ---- */

/* A large page must not take what single pages will need soon. */
static struct frame *alloc_zeroed_block(enum frame_purpose purpose)
{
	struct frame *block;

	if (ledger.frames[FRAME_FREE] < min_free_frames + LARGE_PAGE_FRAMES)
		return NULL;
	block = frame_alloc(LARGE_PAGE_ORDER, purpose);
	if (block)
		for (size_t i = 0; i < LARGE_PAGE_FRAMES; i++)
			page_zero(frame_to_virt(block + i));
	return block;
}

static struct frame *first_frame(pte_t large)
{
	return pfn_to_frame(pte_pfn(large));
}

static bool is_block(const struct frame *first)
{
	return first->order == LARGE_PAGE_ORDER;
}

static bool is_ours(const struct frame *block)
{
	return frame_refs(block) == 1;
}

/* The same for single frames, which may have been swapped out by others. */
static bool are_all_ours(struct frame *first)
{
	for (size_t i = 0; i < LARGE_PAGE_FRAMES; i++)
		if (!anon_frame_is_own(first + i))
			return false;
	return true;
}

static void get_frames(struct frame *first)
{
	size_t nr = is_block(first) ? 1 : LARGE_PAGE_FRAMES;

	for (size_t i = 0; i < nr; i++)
		frame_get(first + i);
}

static void put_frames(struct frame *first)
{
	if (!is_block(first)) {
		for (size_t i = 0; i < LARGE_PAGE_FRAMES; i++)
			mapped_frame_put(first + i);
		return;
	}
	if (is_ours(first))
		large_page_stats.nr_blocks--;
	frame_put(first);
}

/* ---- the block of zeros ---- */

bool large_page_is_zero(pte_t large)
{
	return zero_block && first_frame(large) == zero_block;
}

static bool get_zero_block(void)
{
	if (zero_block) {
		frame_get(zero_block);
		return true;
	}
	zero_block = alloc_zeroed_block(FRAME_ZERO);
	if (zero_block)
		large_page_stats.zero_page_alloc++;
	else
		large_page_stats.zero_page_alloc_failed++;
	return zero_block;
}

static void put_zero_block(void)
{
	struct frame *block = zero_block;

	if (is_ours(block))
		zero_block = NULL;
	frame_put(block);
}

/* ---- entries ---- */

bool large_page_map_fresh(struct mm_struct *mm, pte_t *slot, unsigned int rights)
{
	struct frame *block;

	if (!add_spare_table(mm))
		return false;
	block = alloc_zeroed_block(FRAME_ANON);
	if (!block) {
		drop_spare_table(mm);
		return false;
	}
	large_page_stats.nr_blocks++;
	*slot = pte_make_large(frame_to_pfn(block), rights);
	mm_count_rss(mm, RSS_ANON, LARGE_PAGE_FRAMES);
	return true;
}

bool large_page_map_zero(struct mm_struct *mm, pte_t *slot, unsigned int rights)
{
	if (!add_spare_table(mm))
		return false;
	if (!get_zero_block()) {
		drop_spare_table(mm);
		return false;
	}
	*slot = pte_make_large(frame_to_pfn(zero_block), rights);
	return true;
}

bool large_page_is_exclusive(pte_t large)
{
	struct frame *first = first_frame(large);

	if (first == zero_block)
		return false;
	if (is_block(first))
		return is_ours(first);
	if (!are_all_ours(first))
		return false;
	/* Those who had split their view of it have left. */
	frame_join(first, LARGE_PAGE_ORDER);
	large_page_stats.nr_blocks++;
	return true;
}

/* Fill @table with what @large showed. */
static void fill_table(pte_t *table, pte_t large)
{
	bool zero = large_page_is_zero(large);
	pte_t pte = pte_small_of(large, 0);

	if (zero)
		pte = pte_with_pfn(pte, frame_to_pfn(zero_frame));
	for (size_t i = 0; i < LARGE_PAGE_FRAMES; i++)
		table[i] = zero ? pte : pte_small_of(large, i);
}

void large_page_split(struct mm_struct *mm, pte_t *slot, vaddr_t addr)
{
	struct frame *table = take_spare_table(mm);
	struct frame *first = first_frame(*slot);

	fill_table(frame_to_virt(table), *slot);
	if (first == zero_block) {
		put_zero_block();
	} else if (is_block(first)) {
		frame_split(first);
		large_page_stats.nr_blocks--;
		large_page_stats.split_page++;
	}
	*slot = pte_make_table(frame_to_pfn(table));
	large_page_stats.split_pmd++;
	if (mm_is_loaded(mm))
		tlb_flush_page(addr);
}

void large_page_unmap(struct mm_struct *mm, pte_t *slot)
{
	struct frame *first = first_frame(*slot);

	*slot = 0;
	drop_spare_table(mm);
	if (first == zero_block) {
		put_zero_block();
		return;
	}
	mm_count_rss(mm, RSS_ANON, -(int64_t)LARGE_PAGE_FRAMES);
	put_frames(first);
}

int large_page_copy(struct mm_struct *child, pte_t *to, pte_t *from, bool cow)
{
	struct frame *first = first_frame(*from);

	if (!add_spare_table(child))
		return -ENOMEM;
	if (cow)
		*from = pte_wrprotect(*from);
	*to = *from;
	get_frames(first);
	if (first != zero_block)
		mm_count_rss(child, RSS_ANON, LARGE_PAGE_FRAMES);
	return 0;
}
