/*
 * The way down the tables, for pgtable.c and pgtable_span.c: every walk starts
 * with it, so it is inline, and unrolled: then the shifts are constants.
 */
#pragma once

#include "mm.h"

/*
 * The entry of @addr in the lowest table there is on its way; *@level becomes
 * that table's: 0 unless it ends in a large page or a hole. NULL, and TOP_LEVEL,
 * if there is not even a pdpt.
 */
static inline pte_t *pgtable_find_lowest(const struct mm_struct *mm,
					 vaddr_t addr, unsigned int *level)
{
	pte_t *slot = top_table_find(&mm->top, addr);
	unsigned int at = TOP_LEVEL;

	if (likely(slot)) {
#pragma GCC unroll 4
		for (; at > 0; at--) {
			if (!pte_is_table(*slot))
				break;
			slot = pte_table(*slot) + pte_index(addr, at - 1);
		}
	}
	*level = at;
	return slot;
}
