/*
 * Memory before the buddy allocator: three short sorted lists of ranges.
 *
 *	ram    what the memory map calls usable; constant after early_add()
 *	free   the part of it that nobody has taken
 *	taken  the rest, each range with its purpose
 *
 *	bytes(free) + bytes(taken) == bytes(ram)
 */
#include "early.h"

#include "arch.h"
#include "panic.h"
#include "range_list.h"

static struct range_list ram, free_ram;

static struct early_taken taken[EARLY_MAX_RANGES];
static size_t nr_taken;

void early_add(paddr_t start, paddr_t end)
{
	start = page_align_up(start);
	end = page_align_down(end);
	if (start >= end)
		return;
	ledger.total += (end - start) >> PAGE_SHIFT;
	range_list_add(&ram, start, end);
	range_list_add(&free_ram, start, end);
}

/*
 * Enter [start, end), which has just left the free list. Consecutive pieces of
 * one purpose become one entry: page tables are taken page by page.
 */
static void take(paddr_t start, paddr_t end, enum frame_purpose purpose)
{
	struct early_taken *last = nr_taken ? &taken[nr_taken - 1] : NULL;

	ledger.frames[purpose] += (end - start) >> PAGE_SHIFT;
	if (last && last->purpose == purpose && last->start == end) {
		last->start = start;
		return;
	}
	if (last && last->purpose == purpose && last->end == start) {
		last->end = end;
		return;
	}
	KASSERT(nr_taken < EARLY_MAX_RANGES);
	taken[nr_taken++] = (struct early_taken){ start, end, purpose };
}

void early_reserve(paddr_t start, paddr_t end, enum frame_purpose purpose)
{
	struct early_range hit;

	start = page_align_down(start);
	end = page_align_up(end);
	while (range_list_cut(&free_ram, start, end, &hit))
		take(hit.start, hit.end, purpose);
}

/*
 * The highest fit is taken, so that low memory, which old devices need, is used
 * last and successive pages come out next to each other.
 */
paddr_t early_alloc(size_t bytes, size_t align, paddr_t limit,
		    enum frame_purpose purpose)
{
	bytes = page_align_up(bytes);
	for (size_t i = free_ram.nr; i-- > 0;) {
		struct early_range *range = &free_ram.range[i];
		struct early_range hit;
		paddr_t end = range->end < limit ? range->end : limit;
		paddr_t start;

		if (end < range->start || end - range->start < bytes)
			continue;
		start = (end - bytes) & ~(align - 1);
		if (start < range->start)
			continue;
		range_list_cut(&free_ram, start, start + bytes, &hit);
		take(start, start + bytes, purpose);
		return start;
	}
	panic("out of memory at boot: no %lu KiB below %lx", bytes >> 10,
	      limit);
}

const struct early_range *early_ranges(size_t *nr)
{
	*nr = free_ram.nr;
	return free_ram.range;
}

const struct early_range *early_ram(size_t *nr)
{
	*nr = ram.nr;
	return ram.range;
}

const struct early_taken *early_taken(size_t *nr)
{
	*nr = nr_taken;
	return taken;
}
