/*
 * stats.c - mallinfo(), from a look at every bin.
 *
 *	system_bytes == in use + free_bytes + top_bytes
 *
 * Nothing is counted while the program runs, so nothing slows it down. What
 * a thread's cache holds counts as in use, as in glibc.
 */
#include "stats.h"

#include <limits.h>

#include "../include/malloc.h"
#include "arena.h"
#include "map.h"
#include "options.h"

static void count_bin(struct arena *a, unsigned int i, struct bin_stats *bin)
{
	struct link *head = &a->bins.heads[i];

	for (struct link *l = link_unmask(head->fd); l != head;
	     l = link_unmask(l->fd)) {
		size_t bytes = chunk_bytes(link_to_chunk(l));

		if (!bin->nr || bytes < bin->min_bytes)
			bin->min_bytes = bytes;
		if (bytes > bin->max_bytes)
			bin->max_bytes = bytes;
		bin->bytes += bytes;
		bin->nr++;
	}
}

void arena_count(unsigned int index, struct arena_stats *stats)
{
	struct arena *a = &malloc_arenas[index];

	__builtin_memset(stats, 0, sizeof(*stats));
	malloc_ensure_started();
	arena_lock_this(a);
	stats->system_bytes = a->system_bytes;
	stats->max_system_bytes = a->max_system_bytes;
	stats->top_bytes = a->top ? a->end - (char *)a->top : 0;
	for (unsigned int i = 0; i < NR_BINS; i++) {
		count_bin(a, i, &stats->bins[i]);
		stats->nr_free += stats->bins[i].nr;
		stats->free_bytes += stats->bins[i].bytes;
	}
	arena_unlock(a);
}

struct mallinfo2 mallinfo2(void)
{
	struct mallinfo2 info = {
		.hblks = malloc_map_stats.nr,
		.hblkhd = malloc_map_stats.bytes,
	};
	struct arena_stats stats;

	for (unsigned int i = 0; i < NR_ARENAS; i++) {
		arena_count(i, &stats);
		info.arena += stats.system_bytes;
		info.ordblks += stats.nr_free + (stats.top_bytes != 0);
		info.fordblks += stats.free_bytes + stats.top_bytes;
		if (i == 0)
			info.keepcost = stats.top_bytes;
	}
	info.uordblks = info.arena - info.fordblks;
	return info;
}

/* The old structure has int fields: what does not fit reads as the most. */
static int clamp(size_t value)
{
	return value < INT_MAX ? (int)value : INT_MAX;
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
