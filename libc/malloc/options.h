/*
 * options.h - the knobs: modes, thresholds, and where they are set.
 */
#pragma once

#include "../include/malloc.h"
#include "chunk.h"

struct malloc_options {
	bool started;
	enum malloc_mode mode;
	size_t mmap_threshold;		/* requests from here on are mapped */
	size_t trim_threshold;		/* top from here on is trimmed */
	size_t top_pad;			/* asked for beyond the need, left by trim */
	bool top_pad_set;		/* by the program: take it literally */
	bool dynamic;			/* glibc mode: frees move the thresholds */
	int mmap_max;			/* mapped chunks at a time */
	unsigned int nr_arenas;
	unsigned char perturb;		/* fill byte, 0: none */
	bool cache;			/* thread caches */
};

extern struct malloc_options malloc_options
	__attribute__((visibility("hidden")));

/* Called on slow paths; the first call prepares everything. */
void malloc_start(void);

static inline void malloc_ensure_started(void)
{
	if (unlikely(!__atomic_load_n(&malloc_options.started,
				      __ATOMIC_ACQUIRE)))
		malloc_start();
}
