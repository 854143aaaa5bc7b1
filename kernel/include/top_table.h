/*
 * The top-level table of an address space, folded.
 *
 * Of the 256 entries of a pml4's lower half, 512 GiB each, a program uses two or
 * three. So an address space keeps a short list of them instead of a page, and
 * the CPU has one pml4 whose lower half shows the list of the address space that
 * is loaded. (With more CPUs, each has its own.)
 *
 *	mm->top   | 0: pdpt | 255: pdpt |
 *	               v         v            mm_switch()
 *	pml4      |    0    | ...  255  | 256 ... kernel ... 511 |
 */
#pragma once

#include "arch.h"
#include "types.h"

struct mm_struct;

#define TOP_LEVEL 3
#define PD_LEVEL 1
#define TOP_FEW_ENTRIES 2

struct top_entry {
	uint64_t index; /* in the lower half of a pml4 */
	pte_t pte;      /* leads to a pdpt */
};

struct top_table {
	uint32_t nr, capacity;
	struct top_entry *entry; /* few, or kmalloc'ed when those are not enough */
	struct top_entry few[TOP_FEW_ENTRIES];
};

void top_table_init(struct top_table *top);

/* Free what it needed; there are no entries left. */
void top_table_destroy(struct top_table *top);

/* The entry on the way to @addr, or NULL: there is none. */
static inline pte_t *top_table_find(const struct top_table *top, vaddr_t addr)
{
	uint64_t index = pte_index(addr, TOP_LEVEL);

	for (uint32_t i = 0; i < top->nr; i++)
		if (top->entry[i].index == index)
			return &top->entry[i].pte;
	return NULL;
}

/* Add an entry, of which there is none yet, for @addr. 0 or -ENOMEM. */
int top_table_add(struct mm_struct *mm, vaddr_t addr, pte_t pte);

/* Take the entry for @addr away. The caller flushes. */
void top_table_remove(struct mm_struct *mm, vaddr_t addr);

/* Let the CPU's table show these entries, or none of them. The caller flushes. */
void top_table_show(const struct top_table *top);
void top_table_hide(const struct top_table *top);
