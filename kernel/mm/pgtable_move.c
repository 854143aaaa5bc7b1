/*
 * mremap's part of page tables: entries change places.
 */
#include <uapi/errno.h>

#include "frame.h"
#include "large_page.h"
#include "mm.h"
#include "pgtable.h"
#include "pgtable_span.h"

/*
 * Whether the entry of the pd for @span moves as it is, be it a large page or a
 * table with all that it shows: then @span is all of it, here and there.
 */
static bool moves_whole(const struct span *span, vaddr_t to)
{
	return span->end - span->addr == LARGE_PAGE_SIZE &&
	       large_page_align_down(to) == to;
}

/* The tables that the entries of [from, from + bytes) will need at @to. */
static int make_target_tables(struct mm_struct *mm, vaddr_t from, vaddr_t to,
			      size_t bytes)
{
	struct span span = { .end = from };

	while (span_next(mm, &span, from + bytes)) {
		vaddr_t at = to + (span.addr - from);
		vaddr_t last = to + (span.end - PAGE_SIZE - from);

		if (moves_whole(&span, at)) {
			if (!pgtable_make_pd_entry(mm, at))
				return -ENOMEM;
			continue;
		}
		if (span.large)
			large_page_split(mm, span.pte, span.addr);
		if (!pgtable_make(mm, at) || !pgtable_make(mm, last))
			return -ENOMEM;
	}
	return 0;
}

/*
 * At the target a table may be there from former times. The new mapping covers
 * all that it reaches, and shows nothing yet: it is empty.
 */
static void move_whole(struct mm_struct *mm, vaddr_t from, vaddr_t to)
{
	/* Both exist. */
	pte_t *source = pgtable_make_pd_entry(mm, from);
	pte_t *target = pgtable_make_pd_entry(mm, to);

	if (pte_is_table(*target)) {
		frame_free(virt_to_frame(pte_table(*target)));
		mm->pgtable_frames--;
	}
	*target = *source;
	*source = 0;
}

static void move_span(struct mm_struct *mm, const struct span *from, vaddr_t to)
{
	pte_t *source = from->pte, *target = NULL;

	for (vaddr_t addr = from->addr; addr < from->end;
	     addr += PAGE_SIZE, to += PAGE_SIZE, source++, target++) {
		if (!target || pte_index(to, 0) == 0)
			target = pgtable_make(mm, to); /* it exists */
		*target = *source;
		*source = 0;
	}
}

int pgtable_move(struct mm_struct *mm, vaddr_t from, vaddr_t to, size_t bytes)
{
	struct span span = { .end = from };

	/* After this nothing can fail half way. */
	if (make_target_tables(mm, from, to, bytes))
		return -ENOMEM;
	while (span_next(mm, &span, from + bytes)) {
		vaddr_t at = to + (span.addr - from);

		if (moves_whole(&span, at))
			move_whole(mm, span.addr, at);
		else
			move_span(mm, &span, at);
	}
	span_flush(mm, from, from + bytes);
	/* Also the way to tables of the target that gave way. */
	span_flush(mm, to, to + PAGE_SIZE);
	return 0;
}
