/*
 * stats.c - mallinfo(), from a look at every bin.
 *
 *	system_bytes == in use + free_bytes
 *
 * Nothing is counted while the program runs, so nothing slows it down. What
 * a thread's cache holds counts as in use, as in glibc.
 */
#include "stats.h"

#include "../../include/malloc.h"
#include "../arena.h"
#include "../check.h"
#include "../map.h"
#include "../options.h"

/* Chunks that wait in @a to be merged are counted by size, as glibc's fast ones. */
static void count_quick(struct arena *a, struct arena_stats *stats,
			struct bin_stats *bins)
{
	for (size_t bytes = CHUNK_MIN; bytes <= EXACT_MAX; bytes += CHUNK_ALIGN) {
		size_t nr = a->quick[bytes / CHUNK_ALIGN].nr;
		struct bin_stats *bin = bins ? &bins[bin_index(bytes)] : NULL;

		stats->nr_quick += nr;
		if (!bin || !nr)
			continue;
		bin->nr += nr;
		bin->bytes += nr * bytes;
		bin->min_bytes = bin->max_bytes = bytes;
	}
}

static struct bin_stats count_bin(struct arena *a, unsigned int i)
{
	struct bin_stats bin = { .min_bytes = SIZE_MAX };
	struct chunk *c = NULL;

	while ((c = bin_walk(a, i, c))) {
		size_t bytes = chunk_bytes(c);

		bin.nr++;
		bin.bytes += bytes;
		bin.min_bytes = min_size(bin.min_bytes, bytes);
		bin.max_bytes = max_size(bin.max_bytes, bytes);
	}
	return bin;
}

bool arena_count(unsigned int index, struct arena_stats *stats,
		 struct bin_stats *bins)
{
	struct arena *a = &malloc_arenas[index];

	if (index >= NR_ARENAS || malloc_is_broken)
		return false;
	malloc_ensure_started();
	port_lock(&a->lock);
	*stats = (struct arena_stats){
		.system_bytes = a->system_bytes,
		.max_system_bytes = a->max_system_bytes,
		.top_bytes = top_bytes(a),
		.nr_free = a->top != NULL,
		.quick_bytes = a->quick_bytes,
		.free_bytes = a->binned_bytes + a->quick_bytes + top_bytes(a),
	};
	for (unsigned int i = 0; i < NR_BINS; i++) {
		struct bin_stats bin = a->top ? count_bin(a, i) : (struct bin_stats){ 0 };

		stats->nr_free += bin.nr;
		if (bins)
			bins[i] = bin;
	}
	count_quick(a, stats, bins);
	port_unlock(&a->lock);
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
		info.ordblks += stats.nr_free;
		info.smblks += stats.nr_quick;
		info.fsmblks += stats.quick_bytes;
		info.fordblks += stats.free_bytes;
		if (i == 0)
			info.keepcost = stats.top_bytes;
	}
	info.uordblks = info.arena - info.fordblks;
	return info;
}

/* The old structure: what does not fit its int fields wraps, as in glibc. */
struct mallinfo mallinfo(void)
{
	struct mallinfo2 info = mallinfo2();

	return (struct mallinfo){
		.arena = (int)info.arena,
		.ordblks = (int)info.ordblks,
		.smblks = (int)info.smblks,
		.hblks = (int)info.hblks,
		.hblkhd = (int)info.hblkhd,
		.fsmblks = (int)info.fsmblks,
		.uordblks = (int)info.uordblks,
		.fordblks = (int)info.fordblks,
		.keepcost = (int)info.keepcost,
	};
}
