/*
 * Steps of a walk over a range of page tables. See pgtable_span.h.
 */
#include "pgtable_span.h"

#include "large_page.h"
#include "mm.h"
#include "pgtable_find.h"

/* Beyond this many pages one full flush is cheaper than one by one. */
#define TLB_FLUSH_PAGES_MAX 32

/*
 * The entry before @addr in a table of @level, @slot, is empty. Where the next one
 * of the same table lies that is not, or else the end of the table.
 */
static vaddr_t skip_empty(const pte_t *slot, unsigned int level, vaddr_t addr,
			  vaddr_t end)
{
	if (level == TOP_LEVEL)
		return addr;
	while (addr < end && pte_index(addr, level) && pte_none(*++slot))
		addr += pte_span(level);
	return addr;
}

bool span_peek(const struct mm_struct *mm, struct span *span, vaddr_t end)
{
	vaddr_t addr = span->end;

	while (addr < end) {
		unsigned int level;
		uint64_t size;

		span->pte = pgtable_find_lowest(mm, addr, &level);
		/* One table's reach if it exists, else the hole's entry. */
		size = pte_span(level ? level : PD_LEVEL);
		span->addr = addr;
		span->end = (addr & ~(size - 1)) + size;
		if (span->end > end)
			span->end = end;
		span->large = level == PD_LEVEL && pte_is_large(*span->pte);
		if (level == 0 || span->large)
			return true;
		addr = skip_empty(span->pte, level, span->end, end);
	}
	return false;
}

bool span_next(struct mm_struct *mm, struct span *span, vaddr_t end)
{
	if (!span_peek(mm, span, end))
		return false;
	if (span->large && span->end - span->addr < LARGE_PAGE_SIZE) {
		large_page_split(mm, span->pte, span->addr);
		span->pte = pte_table(*span->pte) + pte_index(span->addr, 0);
		span->large = false;
	}
	return true;
}

void span_flush(const struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	if (!mm_is_loaded(mm))
		return;
	if (end - start > TLB_FLUSH_PAGES_MAX * PAGE_SIZE) {
		tlb_flush_mm();
		return;
	}
	for (; start < end; start += PAGE_SIZE)
		tlb_flush_page(start);
}
