/*
 * stats.h - the heap in numbers, counted when asked for.
 */
#pragma once

#include "../bin.h"

struct bin_stats {
	size_t nr;
	size_t bytes;
	size_t min_bytes;
	size_t max_bytes;
};

struct arena_stats {
	size_t system_bytes;
	size_t max_system_bytes;
	size_t top_bytes;
	size_t nr_quick;		/* chunks that wait to be merged */
	size_t quick_bytes;
	size_t nr_free;			/* chunks in bins, and top */
	size_t free_bytes;		/* of all these */
};

/*
 * Fill @stats with those of arena number @index, and @bins, if it is not NULL,
 * with those of its NR_BINS bins. False: there is no such arena.
 */
bool arena_count(unsigned int index, struct arena_stats *stats,
		 struct bin_stats *bins);
