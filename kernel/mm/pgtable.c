/*
 * Page tables: find and make entries, and walk ranges of them.
 *
 * Every walk over a range goes through next_span(), which yields the entries of
 * one lowest-level table at a time and steps over what does not exist by whole
 * upper-level entries. A terabyte of untouched address space costs two steps. A
 * large page is a step of its own; what to do with it is in large_page.c.
 */
#include "pgtable.h"

#include <uapi/errno.h>

#include "frame.h"
#include "large_page.h"
#include "mm.h"
#include "panic.h"
#include "string.h"
#include "swap.h"

#define TOP_LEVEL 3
#define PD_LEVEL 1
#define KERNEL_HALF (PTES_PER_TABLE / 2)

/* Beyond this many pages one full flush is cheaper than one by one. */
#define TLB_FLUSH_PAGES_MAX 32

/* ---- one address ---- */

pte_t *pgtable_create(void)
{
	struct frame *frame = frame_alloc(0, FRAME_PGTABLE);
	pte_t *pml4;

	if (!frame)
		return NULL;
	pml4 = frame_to_virt(frame);
	memset(pml4, 0, KERNEL_HALF * sizeof(pte_t));
	memcpy(pml4 + KERNEL_HALF, kernel_pml4 + KERNEL_HALF,
	       KERNEL_HALF * sizeof(pte_t));
	return pml4;
}

void pgtable_destroy(pte_t *pml4)
{
	frame_free(virt_to_frame(pml4));
}

/*
 * The entry of @addr in the lowest table there is on its way; *@level becomes
 * that table's: 0 unless it ends in a large page or a hole. Unrolled, since every
 * walk starts with it: then the shifts are constants.
 */
static inline pte_t *find_lowest(const pte_t *pml4, vaddr_t addr,
				 unsigned int *level)
{
	const pte_t *slot = pml4 + pte_index(addr, TOP_LEVEL);
	unsigned int at;

#pragma GCC unroll 4
	for (at = TOP_LEVEL; at > 0; at--) {
		if (!pte_is_table(*slot))
			break;
		slot = pte_table(*slot) + pte_index(addr, at - 1);
	}
	*level = at;
	return (pte_t *)slot;
}

pte_t *pgtable_find(const pte_t *pml4, vaddr_t addr)
{
	unsigned int level;
	pte_t *pte = find_lowest(pml4, addr, &level);

	return likely(level == 0) ? pte : NULL;
}

pte_t pgtable_get(const pte_t *pml4, vaddr_t addr)
{
	unsigned int level;
	pte_t pte = *find_lowest(pml4, addr, &level);

	if (level == 0)
		return pte;
	if (level > PD_LEVEL || !pte_is_large(pte))
		return 0;
	return pte_small_of(pte, pte_index(addr, 0));
}

/* Put a new table below the empty entry @slot. */
static pte_t *make_table(pte_t *slot)
{
	struct frame *frame = frame_alloc_zeroed(FRAME_PGTABLE);

	if (!frame)
		return NULL;
	*slot = pte_make_table(frame_to_pfn(frame));
	return frame_to_virt(frame);
}

static pte_t *add_table(struct mm_struct *mm, pte_t *slot)
{
	pte_t *table = make_table(slot);

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

pte_t *pgtable_make_pd_entry(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *table = mm->pml4;

#pragma GCC unroll 2
	for (unsigned int level = TOP_LEVEL; level > PD_LEVEL; level--) {
		table = table_below(mm, table + pte_index(addr, level));
		if (!table)
			return NULL;
	}
	return table + pte_index(addr, PD_LEVEL);
}

pte_t *pgtable_make_below(struct mm_struct *mm, pte_t *pd_entry, vaddr_t addr)
{
	pte_t *table = table_below(mm, pd_entry);

	return table ? table + pte_index(addr, 0) : NULL;
}

/* The entry for @addr in the lowest table; no large page is on the way. */
static pte_t *make_entry(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *slot = pgtable_make_pd_entry(mm, addr);

	return slot ? pgtable_make_below(mm, slot, addr) : NULL;
}

/* ---- kernel windows ---- */

/*
 * Tables below a window's pdpt come and go with the pages they map: index of a
 * table's frame counts its entries in use, and an empty table is freed, so that
 * a hundred kernel stacks leave nothing behind. The pdpt itself is a part of
 * every mm's upper half and stays.
 */
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
		table = make_table(slot);
		if (!table)
			return -ENOMEM;
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
	}
	/* Drops cached upper-level entries too (SDM volume 3, 4.10.4.1). */
	tlb_flush_page(addr);
	return frame;
}

/* ---- ranges ---- */

/*
 * The existing entries of one lowest-level table, for [addr, end); or, if @large,
 * the one entry of a pd that shows a large page there.
 */
struct span {
	vaddr_t addr, end;
	pte_t *pte; /* entry of addr; NULL before the first */
	bool large;
};

/*
 * Advance to the next table that exists and covers a part of [span->end, end).
 * Start with span->end at the first address. Changes nothing: a large page may
 * reach over the edges of the span.
 */
static bool peek_span(const struct mm_struct *mm, struct span *span,
		      vaddr_t end)
{
	vaddr_t addr = span->end;

	while (addr < end) {
		unsigned int level;
		uint64_t size;

		span->pte = find_lowest(mm->pml4, addr, &level);
		/* One table's reach if it exists, else the hole's entry. */
		size = pte_span(level ? level : PD_LEVEL);
		span->addr = addr;
		span->end = (addr & ~(size - 1)) + size;
		if (span->end > end)
			span->end = end;
		span->large = level == PD_LEVEL && pte_is_large(*span->pte);
		if (level == 0 || span->large)
			return true;
		addr = span->end;
	}
	return false;
}

/* The same; a large page is split unless the span is all of it. */
static bool next_span(struct mm_struct *mm, struct span *span, vaddr_t end)
{
	if (!peek_span(mm, span, end))
		return false;
	if (span->large && span->end - span->addr < LARGE_PAGE_SIZE) {
		large_page_split(mm, span->pte, span->addr);
		span->pte = pte_table(*span->pte) + pte_index(span->addr, 0);
		span->large = false;
	}
	return true;
}

void pgtable_split_at(struct mm_struct *mm, vaddr_t addr)
{
	unsigned int level;
	pte_t *slot = find_lowest(mm->pml4, addr, &level);

	if (level == PD_LEVEL && pte_is_large(*slot) &&
	    large_page_align_down(addr) != addr)
		large_page_split(mm, slot, addr);
}

static void flush_range(const struct mm_struct *mm, vaddr_t start, vaddr_t end)
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

static enum rss_kind rss_kind_of(const struct frame *frame)
{
	return frame_is_anon(frame) ? RSS_ANON : RSS_FILE;
}

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

	while (next_span(mm, &span, end)) {
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
	flush_range(mm, first, last);
}

vaddr_t pgtable_scan(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     pgtable_scan_fn fn, void *arg)
{
	struct span span = { .end = start };

	while (next_span(mm, &span, end)) {
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

	return frame->purpose == FRAME_ANON &&
	       __atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE) == 1;
}

void pgtable_protect(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		     unsigned int prot)
{
	unsigned int shared_prot = prot & ~(unsigned int)ACCESS_WRITE;
	struct span span = { .end = start };

	if (prot && !shared_prot)
		shared_prot = ACCESS_READ;
	while (next_span(mm, &span, end)) {
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
	flush_range(mm, start, end);
}

bool pgtable_has_own(const struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	const pfn_t zero = frame_to_pfn(zero_frame);
	struct span span = { .end = start };

	while (peek_span(mm, &span, end)) {
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
		if (cow && pte_writable(pte)) {
			pte = pte_wrprotect(pte);
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

	while (next_span(parent, &span, end)) {
		pte_t *to = span.large ? pgtable_make_pd_entry(child, span.addr)
				       : make_entry(child, span.addr);

		if (!to)
			return -ENOMEM;
		if (!span.large)
			copy_span(child, &span, to, cow);
		else if (large_page_copy(child, to, span.pte, cow))
			return -ENOMEM;
	}
	return 0;
}

/* ---- moving ---- */

/*
 * The tables that the entries of [from, from + bytes) will need at @to. A large
 * page moves as a whole only if it is one there, too.
 */
static int make_target_tables(struct mm_struct *mm, vaddr_t from, vaddr_t to,
			      size_t bytes)
{
	bool keeps_alignment = large_page_align_down(to - from) == to - from;
	struct span span = { .end = from };

	while (next_span(mm, &span, from + bytes)) {
		vaddr_t at = to + (span.addr - from);
		vaddr_t last = to + (span.end - PAGE_SIZE - from);

		if (span.large && keeps_alignment) {
			if (!pgtable_make_pd_entry(mm, at))
				return -ENOMEM;
			continue;
		}
		if (span.large)
			large_page_split(mm, span.pte, span.addr);
		if (!make_entry(mm, at) || !make_entry(mm, last))
			return -ENOMEM;
	}
	return 0;
}

/*
 * A table may be there from former times. The new mapping covers all that it
 * reaches, and shows nothing yet: it is empty.
 */
static void move_large(struct mm_struct *mm, pte_t *source, vaddr_t to)
{
	pte_t *target = pgtable_make_pd_entry(mm, to); /* it exists */

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
			target = make_entry(mm, to); /* it exists */
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
	while (next_span(mm, &span, from + bytes)) {
		if (span.large)
			move_large(mm, span.pte, to + (span.addr - from));
		else
			move_span(mm, &span, to + (span.addr - from));
	}
	flush_range(mm, from, from + bytes);
	/* Also the way to tables of the target that gave way. */
	flush_range(mm, to, to + PAGE_SIZE);
	return 0;
}

/* ---- freeing tables ---- */

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
		vaddr_t from = addr > start ? addr : start;
		vaddr_t to = addr + size < end ? addr + size : end;

		if (!pte_is_table(*slot))
			continue;
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

/*
 * The CPU may have cached the upper-level entries that led here (SDM 4.10.3), so
 * a flush is due; any invlpg drops those caches for the whole address space.
 */
void pgtable_free_range(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			vaddr_t floor, vaddr_t ceiling)
{
	uint64_t before = mm->pgtable_frames;

	free_below(mm, mm->pml4, TOP_LEVEL, start, end, floor, ceiling);
	if (mm->pgtable_frames != before && mm_is_loaded(mm))
		tlb_flush_page(start);
}
