/*
 * What munmap, mprotect, fork and reclaim do to a range of pages.
 */
#include <uapi/errno.h>

#include "frame.h"
#include "large_page.h"
#include "mm.h"
#include "pgtable.h"
#include "pgtable_span.h"
#include "swap.h"

static void drop_swapped(struct mm_struct *mm, pte_t *pte)
{
	swap_put(pte_swap(*pte));
	*pte = 0;
	mm->swap_pages--;
}

/*
 * Frames are freed before the flush. With one CPU nobody can use the stale
 * translation in between; with several the frames must wait for the flush.
 */
void pgtable_unmap(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	const pfn_t zero = frame_to_pfn(zero_frame);
	struct span span = { .end = start };
	vaddr_t first = 0, last = 0; /* what needs a flush */

	while (span_next(mm, &span, end)) {
		pte_t *pte = span.pte;
		vaddr_t addr = span.addr;

		if (span.large) {
			large_page_unmap(mm, pte);
			first = first ? first : addr;
			last = span.end;
			continue;
		}
		for (; addr < span.end; addr += PAGE_SIZE, pte++) {
			struct frame *frame;

			if (!pte_has_frame(*pte)) {
				if (unlikely(!pte_none(*pte)))
					drop_swapped(mm, pte);
				continue;
			}
			first = first ? first : addr;
			last = addr + PAGE_SIZE;
			if (pte_pfn(*pte) == zero) {
				*pte = 0;
				continue;
			}
			frame = pfn_to_frame(pte_pfn(*pte));
			*pte = 0;
			if (likely(frame->purpose == FRAME_ANON)) {
				mm->rss[RSS_ANON]--;
				frame_put(frame);
			} else {
				mm->rss[rss_kind_of(frame)]--;
				mapped_frame_put(frame);
			}
		}
	}
	span_flush(mm, first, last);
}

vaddr_t pgtable_scan(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     pgtable_scan_fn fn, void *arg)
{
	struct span span = { .end = start };

	while (span_next(mm, &span, end)) {
		pte_t *pte = span.pte;

		if (span.large) {
			enum scan_step step = fn(arg, span.addr, pte);

			if (step == SCAN_STOP)
				return span.end;
			if (step == SCAN_NEXT)
				continue;
			large_page_split(mm, pte, span.addr);
			pte = pte_table(*pte);
		}
		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, pte++)
			if (pte_has_frame(*pte) &&
			    fn(arg, addr, pte) == SCAN_STOP)
				return addr + PAGE_SIZE;
	}
	return end;
}

/*
 * Whether the page may be written at once when its VMA says so. A frame that
 * others see must be copied first; that is for a write fault to do.
 */
static bool is_exclusive(pte_t pte)
{
	const struct frame *frame = pfn_to_frame(pte_pfn(pte));

	return frame->purpose == FRAME_ANON && !pte_forked(pte) &&
	       __atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE) == 1;
}

void pgtable_protect(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     unsigned int prot)
{
	unsigned int shared_prot = prot & ~(unsigned int)ACCESS_WRITE;
	struct span span = { .end = start };

	if (prot && !shared_prot)
		shared_prot = ACCESS_READ;
	while (span_next(mm, &span, end)) {
		pte_t *pte = span.pte;

		if (span.large) {
			*pte = pte_modify(*pte, large_page_is_exclusive(*pte)
							? prot : shared_prot);
			continue;
		}
		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, pte++) {
			if (!pte_has_frame(*pte))
				continue;
			*pte = pte_modify(*pte, is_exclusive(*pte) ? prot
								: shared_prot);
		}
	}
	span_flush(mm, start, end);
}

bool pgtable_has_own(const struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	const pfn_t zero = frame_to_pfn(zero_frame);
	struct span span = { .end = start };

	while (span_peek(mm, &span, end)) {
		const pte_t *pte = span.pte;

		if (span.large && large_page_is_zero(*pte))
			continue;
		if (span.large)
			return true;
		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, pte++)
			if (pte_is_swap(*pte) ||
			    (!pte_none(*pte) && pte_pfn(*pte) != zero))
				return true;
	}
	return false;
}

static pte_t copy_swapped(struct mm_struct *child, pte_t pte)
{
	swap_get(pte_swap(pte));
	child->swap_pages++;
	return pte;
}

/* Copy the entries of one span of @parent; the caller has made the table. */
static void copy_span(struct mm_struct *child, const struct span *from,
		      pte_t *to, bool cow)
{
	const pfn_t zero = frame_to_pfn(zero_frame);
	size_t nr = (from->end - from->addr) >> PAGE_SHIFT;

	for (size_t i = 0; i < nr; i++) {
		pte_t pte = from->pte[i];
		struct frame *frame;

		if (!pte_has_frame(pte)) {
			if (unlikely(!pte_none(pte)))
				to[i] = copy_swapped(child, pte);
			continue;
		}
		if (cow) {
			pte = pte_mkforked(pte);
			from->pte[i] = pte;
		}
		to[i] = pte;
		if (pte_pfn(pte) == zero)
			continue;
		frame = pfn_to_frame(pte_pfn(pte));
		frame_get(frame);
		child->rss[rss_kind_of(frame)]++;
	}
}

int pgtable_copy(struct mm_struct *child, struct mm_struct *parent,
		 vaddr_t start, vaddr_t end, bool cow)
{
	struct span span = { .end = start };

	while (span_next(parent, &span, end)) {
		pte_t *to = span.large ? pgtable_make_pd_entry(child, span.addr)
				       : pgtable_make(child, span.addr);

		if (!to)
			return -ENOMEM;
		if (!span.large)
			copy_span(child, &span, to, cow);
		else if (large_page_copy(child, to, span.pte, cow))
			return -ENOMEM;
	}
	return 0;
}
