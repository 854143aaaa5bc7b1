/*
 * quick.h - small chunks that were freed and not merged yet.
 *
 * Merging a chunk touches its neighbours and their neighbours in the bins:
 * cache misses, paid for nothing if the same size is soon asked for again.
 * So what the thread caches give back waits on one stack per size, until the
 * heap would have to grow, has emptied, or has been freed thrice: then a sweep
 * merges it all, in address order, if it is much.
 *
 *	quick_bytes == sum of the sizes of the arena's chunks in state quick
 *
 * A sweep visits at most four bytes of heap for each that waits: O(1) for each
 * free, whatever the order.
 */
#pragma once

#include "bin.h"

#define NR_QUICK	(EXACT_MAX / CHUNK_ALIGN + 1)
#define QUICK_GROW_BYTES	(16 * 1024UL)	/* the heap grows while less waits */

/* The stack of one size. */
struct quick {
	size_t nr;
	uintptr_t newest;	/* masked link */
};

/* All with arena->lock held. */

/* Take back a cached chunk: let it wait, or, if it is too large for that, merge it. */
void quick_free(struct arena *a, struct chunk *c);

/* Up to @want waiting chunks of @bytes to @out, cached, the newest last; how many. */
unsigned int quick_pop(struct arena *a, size_t bytes, unsigned int want, void **out);

/* Merge all that waits. */
void quick_sweep(struct arena *a);
