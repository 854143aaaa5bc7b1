/*
 * Page tables: find and make entries, and walk ranges of them.
 *
 * Every walk over a range goes through next_span(), which yields the entries of
 * one lowest-level table at a time and steps over what does not exist by whole
 * upper-level entries. A terabyte of untouched address space costs two steps.
 */
#include "pgtable.h"

#include <uapi/errno.h>

#include "frame.h"
#include "mm.h"
#include "panic.h"
#include "string.h"

#define TOP_LEVEL 3
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

pte_t *pgtable_find(const pte_t *pml4, vaddr_t addr)
{
	const pte_t *table = pml4;

	for (unsigned int level = TOP_LEVEL; level > 0; level--) {
		pte_t entry = table[pte_index(addr, level)];

		if (!pte_present(entry))
			return NULL;
		table = pte_table(entry);
	}
	return (pte_t *)table + pte_index(addr, 0);
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

pte_t *pgtable_make(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *table = mm->pml4;

	for (unsigned int level = TOP_LEVEL; level > 0; level--) {
		pte_t *slot = table + pte_index(addr, level);

		if (likely(pte_present(*slot))) {
			table = pte_table(*slot);
			continue;
		}
		table = make_table(slot);
		if (!table)
			return NULL;
		mm->pgtable_frames++;
	}
	return table + pte_index(addr, 0);
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

/* The existing entries of one lowest-level table, for [addr, end). */
struct span {
	vaddr_t addr, end;
	pte_t *pte; /* entry of addr; NULL before the first */
};

/*
 * Advance to the next table that exists and covers a part of [span->end, end).
 * Start with span->end at the first address.
 */
static bool next_span(const pte_t *pml4, struct span *span, vaddr_t end)
{
	vaddr_t addr = span->end;

	while (addr < end) {
		const pte_t *table = pml4;
		unsigned int level = TOP_LEVEL;
		uint64_t size;

		while (level > 0 &&
		       pte_present(table[pte_index(addr, level)])) {
			table = pte_table(table[pte_index(addr, level)]);
			level--;
		}
		/* One table's reach if it exists, else the hole's entry. */
		size = pte_span(level ? level : 1);
		span->addr = addr;
		span->end = (addr & ~(size - 1)) + size;
		if (span->end > end)
			span->end = end;
		if (level == 0) {
			span->pte = (pte_t *)table + pte_index(addr, 0);
			return true;
		}
		addr = span->end;
	}
	return false;
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
	return frame->purpose == FRAME_ANON ? RSS_ANON : RSS_FILE;
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

	while (next_span(mm->pml4, &span, end)) {
		pte_t *pte = span.pte;
		vaddr_t addr = span.addr;

		for (; addr < span.end; addr += PAGE_SIZE, pte++) {
			struct frame *frame;

			if (pte_none(*pte))
				continue;
			first = first ? first : addr;
			last = addr + PAGE_SIZE;
			if (pte_pfn(*pte) == zero) {
				*pte = 0;
				continue;
			}
			frame = pfn_to_frame(pte_pfn(*pte));
			*pte = 0;
			mm->rss[rss_kind_of(frame)]--;
			frame_put(frame);
		}
	}
	flush_range(mm, first, last);
}

/*
 * One look at a page that a program has mapped: true if it was unmapped. The
 * accessed bit may be cached by the TLB, so that a use after it was cleared goes
 * unseen until the flush at the end; that costs a page at most a second read.
 */
static bool age_page(struct mm_struct *mm, pte_t *pte)
{
	struct frame *frame;

	if (!pte_present(*pte))
		return false;
	frame = pfn_to_frame(pte_pfn(*pte));
	if (frame->purpose != FRAME_CACHE)
		return false;
	if (pte_accessed(*pte)) {
		*pte = pte_mkold(*pte);
		return false;
	}
	*pte = 0;
	mm->rss[RSS_FILE]--;
	frame_put(frame);
	return true;
}

size_t pgtable_age_cache(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct span span = { .end = start };
	size_t nr = 0;

	while (next_span(mm->pml4, &span, end)) {
		pte_t *pte = span.pte;

		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, pte++)
			nr += age_page(mm, pte);
	}
	flush_range(mm, start, end);
	return nr;
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
	while (next_span(mm->pml4, &span, end)) {
		pte_t *pte = span.pte;

		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, pte++) {
			if (pte_none(*pte))
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

	while (next_span(mm->pml4, &span, end)) {
		const pte_t *pte = span.pte;

		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, pte++)
			if (!pte_none(*pte) && pte_pfn(*pte) != zero)
				return true;
	}
	return false;
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

		if (pte_none(pte))
			continue;
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

	while (next_span(parent->pml4, &span, end)) {
		pte_t *to = pgtable_make(child, span.addr);

		if (!to)
			return -ENOMEM;
		copy_span(child, &span, to, cow);
	}
	return 0;
}

/* ---- moving ---- */

/* The tables that the entries of [from, from + bytes) will need at @to. */
static int make_target_tables(struct mm_struct *mm, vaddr_t from, vaddr_t to,
			      size_t bytes)
{
	struct span span = { .end = from };

	while (next_span(mm->pml4, &span, from + bytes))
		if (!pgtable_make(mm, to + (span.addr - from)) ||
		    !pgtable_make(mm, to + (span.end - PAGE_SIZE - from)))
			return -ENOMEM;
	return 0;
}

int pgtable_move(struct mm_struct *mm, vaddr_t from, vaddr_t to, size_t bytes)
{
	struct span span = { .end = from };

	/* After this nothing can fail half way. */
	if (make_target_tables(mm, from, to, bytes))
		return -ENOMEM;
	while (next_span(mm->pml4, &span, from + bytes)) {
		pte_t *source = span.pte, *target = NULL;
		vaddr_t at = to + (span.addr - from);

		for (vaddr_t addr = span.addr; addr < span.end;
		     addr += PAGE_SIZE, at += PAGE_SIZE, source++, target++) {
			if (!target || pte_index(at, 0) == 0)
				target = pgtable_find(mm->pml4, at);
			*target = *source;
			*source = 0;
		}
	}
	flush_range(mm, from, from + bytes);
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

		if (!pte_present(*slot))
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
