/*
 * Pages of the kernel's windows: stacks, and what is seen in one piece.
 *
 * Tables below a window's pdpt come and go with the pages they map: index of a
 * table's frame counts its entries in use, and an empty table is freed, so that
 * a hundred kernel stacks leave nothing behind. The pdpt itself exists from
 * paging_init() on.
 */
#include <uapi/errno.h>

#include "frame.h"
#include "panic.h"
#include "pgtable.h"
#include "top_table.h"

uint64_t kernel_window_tables; /* changes with what is mapped, and as rarely */

static uint64_t *entries_used(const pte_t *slot)
{
	return &virt_to_frame(slot)->index;
}

int kernel_map_page(vaddr_t addr, struct frame *frame)
{
	pte_t *table = kernel_pml4;

	for (unsigned int level = TOP_LEVEL; level > 0; level--) {
		pte_t *slot = table + pte_index(addr, level);

		if (pte_present(*slot)) {
			table = pte_table(*slot);
			continue;
		}
		table = pgtable_make_table(slot);
		if (!table)
			return -ENOMEM;
		kernel_window_tables++;
		*entries_used(table) = 0;
		++*entries_used(slot);
	}
	table += pte_index(addr, 0);
	*table = pte_make_kernel(frame_to_pfn(frame));
	++*entries_used(table);
	return 0;
}

struct frame *kernel_unmap_page(vaddr_t addr)
{
	pte_t *path[TOP_LEVEL + 1]; /* the entry of addr at each level */
	pte_t *table = kernel_pml4;
	struct frame *frame;

	for (unsigned int level = TOP_LEVEL; level > 0; level--) {
		path[level] = table + pte_index(addr, level);
		KASSERT(pte_present(*path[level]));
		table = pte_table(*path[level]);
	}
	path[0] = table + pte_index(addr, 0);
	KASSERT(pte_present(*path[0]));
	frame = pfn_to_frame(pte_pfn(*path[0]));
	*path[0] = 0;
	for (unsigned int level = 0; level < TOP_LEVEL - 1; level++) {
		if (--*entries_used(path[level]))
			break;
		*path[level + 1] = 0;
		frame_free(virt_to_frame(path[level]));
		kernel_window_tables--;
	}
	/* Drops cached upper-level entries too (SDM volume 3, 4.10.4.1). */
	tlb_flush_page(addr);
	return frame;
}

bool kernel_page_is_mapped(vaddr_t addr)
{
	const pte_t *slot = kernel_pml4 + pte_index(addr, TOP_LEVEL);

	for (unsigned int level = TOP_LEVEL; level > 0; level--) {
		if (!pte_is_table(*slot))
			return false;
		slot = pte_table(*slot) + pte_index(addr, level - 1);
	}
	return pte_present(*slot);
}
