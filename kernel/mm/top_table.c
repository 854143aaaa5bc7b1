/*
 * The folded top-level table. See top_table.h.
 */
#include "top_table.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "mm.h"
#include "panic.h"
#include "string.h"

void top_table_init(struct top_table *top)
{
	top->nr = 0;
	top->capacity = TOP_FEW_ENTRIES;
	top->entry = top->few;
}

void top_table_destroy(struct top_table *top)
{
	KASSERT(!top->nr);
	if (top->entry != top->few)
		kfree(top->entry);
}

static int grow(struct top_table *top)
{
	struct top_entry *entry = kmalloc(2 * top->capacity * sizeof(*entry));

	if (!entry)
		return -ENOMEM;
	memcpy(entry, top->entry, top->nr * sizeof(*entry));
	if (top->entry != top->few)
		kfree(top->entry);
	top->entry = entry;
	top->capacity *= 2;
	return 0;
}

int top_table_add(struct mm_struct *mm, vaddr_t addr, pte_t pte)
{
	struct top_table *top = &mm->top;
	uint64_t index = pte_index(addr, TOP_LEVEL);
	int err = top->nr == top->capacity ? grow(top) : 0;

	if (err)
		return err;
	top->entry[top->nr++] = (struct top_entry){ index, pte };
	if (mm_is_loaded(mm))
		kernel_pml4[index] = pte;
	return 0;
}

void top_table_remove(struct mm_struct *mm, vaddr_t addr)
{
	struct top_table *top = &mm->top;
	uint64_t index = pte_index(addr, TOP_LEVEL);
	uint32_t i = 0;

	while (top->entry[i].index != index)
		i++;
	top->entry[i] = top->entry[--top->nr];
	if (mm_is_loaded(mm))
		kernel_pml4[index] = 0;
}

void top_table_show(const struct top_table *top)
{
	for (uint32_t i = 0; i < top->nr; i++)
		kernel_pml4[top->entry[i].index] = top->entry[i].pte;
}

void top_table_hide(const struct top_table *top)
{
	for (uint32_t i = 0; i < top->nr; i++)
		kernel_pml4[top->entry[i].index] = 0;
}
