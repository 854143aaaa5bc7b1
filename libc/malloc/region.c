/*
 * region.c - the table of an arena's regions, sorted by address.
 *
 * Usually there is one: the heap up to the break. More come when somebody else
 * has moved the break, or when it cannot grow and memory is mapped instead.
 */
#include "region.h"

#include "arena.h"
#include "top.h"

/* How many regions start at or below @p: the table is sorted by address. */
static unsigned int regions_below(struct arena *a, const void *p)
{
	unsigned int low = 0, high = a->nr_regions;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (a->regions[middle].base <= (char *)p)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct region *region_of(struct arena *a, const void *p)
{
	unsigned int i = regions_below(a, p);

	return i && (char *)p < a->regions[i - 1].end ? &a->regions[i - 1]
						     : NULL;
}

/* Twice the room for regions, in a mapping of its own. */
static bool regions_enlarge(struct arena *a)
{
	size_t old_bytes = a->max_regions * sizeof(struct region);
	size_t bytes = page_align_up(2 * old_bytes);
	struct region *table = port_map(NULL, 0, bytes);

	if (!table)
		return false;
	for (unsigned int i = 0; i < a->nr_regions; i++)
		table[i] = a->regions[i];
	if (a->regions != a->first_regions)
		port_unmap(a->regions, page_align_up(old_bytes));
	a->regions = table;
	a->max_regions = bytes / sizeof(struct region);
	return true;
}

bool region_add(struct arena *a, char *base, char *end, bool mapped)
{
	unsigned int at = regions_below(a, base);

	if (a->nr_regions == a->max_regions && !regions_enlarge(a))
		return false;
	for (unsigned int i = a->nr_regions++; i > at; i--)
		a->regions[i] = a->regions[i - 1];
	a->regions[at] = (struct region){ base, end, mapped };
	if (!a->low || base < a->low)
		a->low = base;
	arena_raise(a, end);
	return true;
}

void region_drop(struct arena *a, struct region *r)
{
	struct region *last = &a->regions[--a->nr_regions];

	for (; r < last; r++)
		r[0] = r[1];
}
