/*
 * MADV_FREE: contents that nobody needs, in pages that may be used again.
 *
 * The page stays as it is, but for its dirty bit. If the program writes to it
 * again before memory is short, the CPU sets the bit and the page is an ordinary
 * one; if not, reclaim drops it without a write, and the next touch finds zeros.
 */
#include "lazy_free.h"

#include "large_page.h"
#include "mm.h"
#include "pagewalk.h"
#include "pgtable.h"
#include "swap.h"

/* page_walk_fn: what has been swapped out need not wait. */
static void drop_swapped(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	struct mm_struct *mm = arg;

	(void)addr, (void)bytes;
	if (!pte_is_swap(*pte))
		return;
	swap_put(pte_swap(*pte));
	*pte = 0;
	mm->swap_pages--;
}

/* pgtable_scan_fn. A page that others see too is not for one of them to give up. */
static enum scan_step free_lazily(void *arg, vaddr_t addr, pte_t *pte)
{
	struct frame *frame;

	(void)arg, (void)addr;
	if (pte_is_large(*pte))
		return large_page_is_zero(*pte) ? SCAN_NEXT : SCAN_SPLIT;
	frame = pfn_to_frame(pte_pfn(*pte));
	if (anon_frame_is_own(frame)) {
		frame_flag_set(frame, FRAME_FLAG_LAZY);
		*pte = pte_mkclean(pte_mkold(*pte));
	}
	return SCAN_NEXT;
}

void lazy_free_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	page_walk(mm, start, end, drop_swapped, mm);
	pgtable_scan(mm, start, end, free_lazily, NULL);
	/* The CPU must look at the entry again before it writes. */
	if (mm_is_loaded(mm))
		tlb_flush_mm();
}
