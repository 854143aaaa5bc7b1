/*
 * stats.c - mallinfo(), from a look at every bin.
 *
 *	system_bytes == in use + free_bytes + top_bytes
 *
 * Nothing is counted while the program runs, so nothing slows it down. What
 * a thread's cache holds counts as in use, as in glibc.
 */
#include "stats.h"

#include "../include/malloc.h"
#include "arena.h"
#include "map.h"
#include "options.h"

static void count(struct bin_stats *bin, size_t bytes)
{
	if (!bin->nr++ || bytes < bin->min_bytes)
		bin->min_bytes = bytes;
	bin->max_bytes = max_size(bin->max_bytes, bytes);
	bin->bytes += bytes;
}

bool arena_count(unsigned int index, struct arena_stats *stats,
		 struct bin_stats *bins)
{
	struct arena *a = &malloc_arenas[index];

	if (index >= NR_ARENAS)
		return false;
	malloc_ensure_started();
	arena_lock_this(a);
	*stats = (struct arena_stats){
		.system_bytes = a->system_bytes,
		.max_system_bytes = a->max_system_bytes,
		.top_bytes = top_bytes(a),
		.nr_tops = a->top != NULL,
	};
	for (unsigned int i = 0; i < NR_BINS; i++) {
		struct link *head = &a->bins.heads[i];
		struct bin_stats bin = { 0 };

		for (struct link *l = link_unmask(head->fd); l != head;
		     l = link_unmask(l->fd)) {
			size_t bytes = chunk_bytes(link_to_chunk(l));

			count(&bin, bytes);
			count(&stats->free, bytes);
		}
		if (bins)
			bins[i] = bin;
	}
	arena_unlock(a);
	return true;
}

struct mallinfo2 mallinfo2(void)
{
	struct mallinfo2 info = {
		.hblks = option_load(&malloc_map_stats.nr),
		.hblkhd = option_load(&malloc_map_stats.bytes),
	};
	struct arena_stats stats;

	for (unsigned int i = 0; arena_count(i, &stats, NULL); i++) {
		info.arena += stats.system_bytes;
		info.ordblks += stats.free.nr + stats.nr_tops;
		info.fordblks += stats.free.bytes + stats.top_bytes;
		if (i == 0)
			info.keepcost = stats.top_bytes;
	}
	info.uordblks = info.arena - info.fordblks;
	return info;
}

/* The old structure has int fields: what does not fit reads as the most. */
static int clamp(size_t value)
{
	return value < INT32_MAX ? (int)value : INT32_MAX;
}

struct mallinfo mallinfo(void)
{
	struct mallinfo2 info = mallinfo2();

	return (struct mallinfo){
		.arena = clamp(info.arena),
		.ordblks = clamp(info.ordblks),
		.hblks = clamp(info.hblks),
		.hblkhd = clamp(info.hblkhd),
		.uordblks = clamp(info.uordblks),
		.fordblks = clamp(info.fordblks),
		.keepcost = clamp(info.keepcost),
	};
}
