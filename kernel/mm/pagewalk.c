/*
 * A walk over the pages that exist.
 *
 * It descends table by table and passes over an empty entry of a higher level
 * at once, so that it costs the tables there are and not the address space. What
 * fork, unmap and mprotect do page by page is in pgtable_range.c: those are on the
 * way of every program and have loops of their own.
 */
#include "pagewalk.h"

#include "lock.h"
#include "mm.h"

struct page_walk {
	page_walk_fn fn;
	void *arg;
};

static void walk_pages(const struct page_walk *walk, pte_t *table,
		       vaddr_t start, vaddr_t end)
{
	pte_t *pte = table + pte_index(start, 0);

	for (vaddr_t addr = start; addr < end; addr += PAGE_SIZE, pte++)
		if (!pte_none(*pte))
			walk->fn(walk->arg, addr, pte, PAGE_SIZE);
}

/* The part of [start, end) that the entries of @table reach is all of it. */
static void walk_table(const struct page_walk *walk, pte_t *table,
		       unsigned int level, vaddr_t start, vaddr_t end)
{
	size_t span = pte_span(level);

	if (level == 0) {
		walk_pages(walk, table, start, end);
		return;
	}
	while (start < end) {
		vaddr_t next = (start & ~(span - 1)) + span;
		pte_t *entry = table + pte_index(start, level);

		if (next > end)
			next = end;
		if (pte_is_table(*entry))
			walk_table(walk, pte_table(*entry), level - 1, start,
				   next);
		else if (!pte_none(*entry))
			walk->fn(walk->arg, start, entry, next - start);
		start = next;
	}
}

void page_walk(struct mm_struct *mm, vaddr_t start, vaddr_t end,
	       page_walk_fn fn, void *arg)
{
	const struct page_walk walk = { fn, arg };
	const size_t span = pte_span(TOP_LEVEL);

	assert_held(&mm->lock);
	while (start < end) {
		vaddr_t next = (start & ~(span - 1)) + span;
		const pte_t *slot = top_table_find(&mm->top, start);

		if (next > end)
			next = end;
		if (slot)
			walk_table(&walk, pte_table(*slot), TOP_LEVEL - 1,
				   start, next);
		start = next;
	}
}
