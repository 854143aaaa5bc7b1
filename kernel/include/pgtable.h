/*
 * Page tables: four levels of 512 entries (pml4, pdpt, pd, pt).
 *
 * These functions know the shape of the tree and nothing of VMAs. Callers hold
 * the lock of the mm whose tables they change, or own a tree that no CPU uses.
 * Tables come from the frame allocator and are accounted in mm->pgtable_frames.
 */
#pragma once

#include "arch.h"
#include "types.h"

struct frame;
struct mm_struct;

/* The entry for @addr, or NULL: a table is missing, or the page is a large one. */
pte_t *pgtable_find(const struct mm_struct *mm, vaddr_t addr);

/*
 * The entry for the page at @addr, none where a table on the way does not exist.
 * Within a large page it is what a table in its place would say.
 */
pte_t pgtable_get(const struct mm_struct *mm, vaddr_t addr);

/*
 * The entry of a pd on the way to @addr: none, a table or a large page. Missing
 * tables above it are made. NULL: no frame for one.
 */
pte_t *pgtable_make_pd_entry(struct mm_struct *mm, vaddr_t addr);

/* The entry for @addr in the table below @pd_entry, which is no large page. */
pte_t *pgtable_make_below(struct mm_struct *mm, pte_t *pd_entry, vaddr_t addr);

/* The entry for @addr, with all tables above it; no large page is there. */
pte_t *pgtable_make(struct mm_struct *mm, vaddr_t addr);

/* A zeroed table below the empty entry @slot, or NULL. */
pte_t *pgtable_make_table(pte_t *slot);

/* Split the large page that shows @addr, if one does. */
void pgtable_split_page(struct mm_struct *mm, vaddr_t addr);

/* A border between VMAs comes to lie at @addr: split a large page around it. */
void pgtable_split_at(struct mm_struct *mm, vaddr_t addr);

/* ---- kernel_window.c ---- */

/*
 * Map one page of kernel space; the kernel's windows (stacks, heap) grow by it.
 * 0, or -ENOMEM when a table could not be made; then an empty table may be left
 * until the next page near @addr has come and gone.
 */
int kernel_map_page(vaddr_t addr, struct frame *frame);

/* Unmap one page of kernel space and return the frame that was there. */
struct frame *kernel_unmap_page(vaddr_t addr);

/* Tables below the windows' pdpts: their number follows what is mapped. */
extern uint64_t kernel_window_tables;

bool kernel_page_is_mapped(vaddr_t addr);

/* ---- pgtable_range.c, pgtable_move.c ---- */

/*
 * Remove every page of [start, end) from @mm: drop the frames, adjust rss,
 * flush the TLB. Tables stay; pgtable_free_range() takes them.
 */
void pgtable_unmap(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/* What pgtable_scan() calls for a page that has a frame, and what it answers. */
enum scan_step {
	SCAN_NEXT,
	SCAN_SPLIT, /* of a large page only: offer me the small ones */
	SCAN_STOP,
};

typedef enum scan_step (*pgtable_scan_fn)(void *arg, vaddr_t addr, pte_t *pte);

/*
 * Reclaim: offer the pages of [start, end) that have a frame to @fn, which may
 * change their entries and sees to the flush. A large page is offered whole, if it
 * lies in the range as a whole. Returns where it would go on: @end, or the page
 * behind the one at which @fn had enough.
 */
vaddr_t pgtable_scan(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     pgtable_scan_fn fn, void *arg);

/*
 * Free the tables below which nothing is mapped: those whose whole span lies in
 * [floor, ceiling), the hole between the VMAs left and right of a range that has
 * been unmapped, or a range whose pages were dropped. Only tables that cover a part
 * of [start, end) are visited.
 */
void pgtable_free_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			vaddr_t floor, vaddr_t ceiling);

/* Give the pages of [start, end) the rights of @prot (enum access bits). */
void pgtable_protect(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     unsigned int prot);

/*
 * Whether [start, end) of anonymous memory has a page that was written: one with
 * contents of its own, wherever they are now.
 */
bool pgtable_has_own(const struct mm_struct *mm, vaddr_t start, vaddr_t end);

/*
 * fork: make the pages of [start, end) of @parent appear in @child. Frames are
 * shared; where @cow is set both sides lose the right to write.
 * 0, or -ENOMEM with the pages copied so far in place (the caller unmaps them).
 */
int pgtable_copy(struct mm_struct *child, struct mm_struct *parent,
		 vaddr_t start, vaddr_t end, bool cow);

/*
 * mremap: move the entries of [from, from + bytes) to @to, where nothing is
 * mapped and which does not overlap. 0, or -ENOMEM with nothing moved.
 */
int pgtable_move(struct mm_struct *mm, vaddr_t from, vaddr_t to, size_t bytes);
