/*
 * stats.h - the heap in numbers, counted when asked for.
 */
#pragma once

#include "bin.h"

struct arena_stats {
	size_t system_bytes;
	size_t max_system_bytes;
	size_t top_bytes;
	size_t nr_free;			/* binned chunks */
	size_t free_bytes;
	struct bin_stats {
		size_t nr;
		size_t bytes;
		size_t min_bytes;
		size_t max_bytes;
	} bins[NR_BINS];
};

/* Fill @stats with those of arena number @index, locked meanwhile. */
void arena_count(unsigned int index, struct arena_stats *stats);
