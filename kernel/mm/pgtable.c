/*
 * Page tables: find and make entries, and take the tables away again.
 *
 * Ranges of pages are in pgtable_range.c and pgtable_move.c, the top level is in
 * top_table.c, the kernel's own part in kernel_window.c.
 */
#include "pgtable.h"

#include "frame.h"
#include "large_page.h"
#include "mm.h"
#include "pgtable_find.h"

/* ---- find ---- */

pte_t *pgtable_find(const struct mm_struct *mm, vaddr_t addr)
{
	unsigned int level;
	pte_t *pte = pgtable_find_lowest(mm, addr, &level);

	return likely(level == 0) ? pte : NULL;
}

pte_t pgtable_get(const struct mm_struct *mm, vaddr_t addr)
{
	unsigned int level;
	const pte_t *slot = pgtable_find_lowest(mm, addr, &level);

	if (level == 0)
		return *slot;
	if (level > PD_LEVEL || !pte_is_large(*slot))
		return 0;
	return pte_small_of(*slot, pte_index(addr, 0));
}

void pgtable_split_page(struct mm_struct *mm, vaddr_t addr)
{
	unsigned int level;
	pte_t *slot = pgtable_find_lowest(mm, addr, &level);

	if (level == PD_LEVEL && pte_is_large(*slot))
		large_page_split(mm, slot, addr);
}

void pgtable_split_at(struct mm_struct *mm, vaddr_t addr)
{
	if (large_page_align_down(addr) != addr)
		pgtable_split_page(mm, addr);
}

/* ---- make ---- */

pte_t *pgtable_make_table(pte_t *slot)
{
	struct frame *frame = frame_alloc_zeroed(FRAME_PGTABLE);

	if (!frame)
		return NULL;
	*slot = pte_make_table(frame_to_pfn(frame));
	return frame_to_virt(frame);
}

static pte_t *add_table(struct mm_struct *mm, pte_t *slot)
{
	pte_t *table = pgtable_make_table(slot);

	if (table)
		mm->pgtable_frames++;
	return table;
}

/* The table below @slot, which is made if it is missing. NULL: no frame. */
static inline pte_t *table_below(struct mm_struct *mm, pte_t *slot)
{
	return likely(pte_present(*slot)) ? pte_table(*slot)
					  : add_table(mm, slot);
}

/* The pdpt on the way to @addr, likewise. */
static pte_t *make_pdpt(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *top = top_table_find(&mm->top, addr);
	pte_t pte, *pdpt;

	if (likely(top))
		return pte_table(*top);
	pdpt = add_table(mm, &pte);
	if (!pdpt)
		return NULL;
	if (top_table_add(mm, addr, pte)) {
		frame_free(virt_to_frame(pdpt));
		mm->pgtable_frames--;
		return NULL;
	}
	return pdpt;
}

pte_t *pgtable_make_pd_entry(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *pdpt = make_pdpt(mm, addr), *pd;

	if (!pdpt)
		return NULL;
	pd = table_below(mm, pdpt + pte_index(addr, PD_LEVEL + 1));
	return pd ? pd + pte_index(addr, PD_LEVEL) : NULL;
}

pte_t *pgtable_make_below(struct mm_struct *mm, pte_t *pd_entry, vaddr_t addr)
{
	pte_t *table = table_below(mm, pd_entry);

	return table ? table + pte_index(addr, 0) : NULL;
}

pte_t *pgtable_make(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *slot = pgtable_make_pd_entry(mm, addr);

	return slot ? pgtable_make_below(mm, slot, addr) : NULL;
}

/* ---- free ---- */

/*
 * Free the tables at @level and below that hang from @table, for the part of
 * [start, end) that the table's entries cover. An entry goes when all it reaches
 * lies in [floor, ceiling).
 */
static void free_below(struct mm_struct *mm, pte_t *table, unsigned int level,
		       vaddr_t start, vaddr_t end, vaddr_t floor,
		       vaddr_t ceiling)
{
	uint64_t size = pte_span(level);

	for (vaddr_t addr = start & ~(size - 1); addr < end; addr += size) {
		pte_t *slot = table + pte_index(addr, level);
		vaddr_t from, to;

		if (!pte_is_table(*slot))
			continue;
		from = addr > start ? addr : start;
		to = addr + size < end ? addr + size : end;
		if (level > 1)
			free_below(mm, pte_table(*slot), level - 1, from, to,
				   floor, ceiling);
		if (addr < floor || addr + size > ceiling)
			continue;
		frame_free(pfn_to_frame(pte_pfn(*slot)));
		*slot = 0;
		mm->pgtable_frames--;
	}
}

static void free_from_top(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			  vaddr_t floor, vaddr_t ceiling)
{
	const uint64_t size = pte_span(TOP_LEVEL);

	for (vaddr_t addr = start & ~(size - 1); addr < end; addr += size) {
		const pte_t *slot = top_table_find(&mm->top, addr);
		pte_t *pdpt;

		if (!slot)
			continue;
		pdpt = pte_table(*slot);
		free_below(mm, pdpt, TOP_LEVEL - 1, addr > start ? addr : start,
			   addr + size < end ? addr + size : end, floor,
			   ceiling);
		if (addr < floor || addr + size > ceiling)
			continue;
		top_table_remove(mm, addr);
		frame_free(virt_to_frame(pdpt));
		mm->pgtable_frames--;
	}
}

/*
 * The CPU may have cached the upper-level entries that led here (SDM 4.10.3), so
 * a flush is due; any invlpg drops those caches for the whole address space.
 */
void pgtable_free_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			vaddr_t floor, vaddr_t ceiling)
{
	uint64_t before = mm->pgtable_frames;

	free_from_top(mm, start, end, floor, ceiling);
	if (mm->pgtable_frames != before && mm_is_loaded(mm))
		tlb_flush_page(start);
}
