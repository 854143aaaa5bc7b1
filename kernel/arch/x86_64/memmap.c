/*
 * Cleaning up the memory map. See memmap.h for what may be wrong with it.
 */
#include "memmap.h"

#include "arch.h"

/* Where @entry ends, cut at @limit; a length that wraps around ends there too. */
static uint64_t entry_end(const struct memmap_entry *entry, uint64_t limit)
{
	if (entry->start >= limit)
		return limit;
	if (entry->length > limit - entry->start)
		return limit;
	return entry->start + entry->length;
}

static void add_usable(const struct memmap_entry *entry, uint64_t limit,
		       struct range_list *out)
{
	uint64_t end = page_align_down(entry_end(entry, limit));
	uint64_t start = entry->start;

	if (start >= limit)
		return;
	start = start < PAGE_SIZE ? PAGE_SIZE : page_align_up(start);
	if (start < end)
		range_list_add(out, start, end);
}

/*
 * A cut in the middle of a range needs one entry more. When there is none, the
 * part above the cut is lost too: less memory, but none that is not ours.
 */
static void cut_reserved(const struct memmap_entry *entry, uint64_t limit,
			 struct range_list *out)
{
	uint64_t end = page_align_up(entry_end(entry, limit));
	uint64_t start = page_align_down(entry->start);
	struct early_range hit;

	if (!entry->length || start >= limit)
		return;
	while (range_list_cut(out, start, end, &hit))
		;
	for (size_t i = 0; i < out->nr; i++) {
		struct early_range *range = &out->range[i];

		if (range->start < start && range->end > start)
			range->end = start;
	}
}

void memmap_normalise(const struct memmap_entry *entries, size_t nr,
		      uint64_t limit, struct range_list *out)
{
	out->nr = 0;
	for (size_t i = 0; i < nr; i++)
		if (entries[i].usable)
			add_usable(&entries[i], limit, out);
	for (size_t i = 0; i < nr; i++)
		if (!entries[i].usable)
			cut_reserved(&entries[i], limit, out);
}
