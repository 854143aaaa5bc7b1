/*
 * options.h - the knobs: modes, thresholds, and where they are set.
 */
#pragma once

#include "../include/malloc.h"
#include "chunk.h"

#define THRESHOLD_BYTES	(128 * KIB)	/* glibc's: of mmap, of trim, and top's pad */
#define MMAP_MAX	65536

struct malloc_options {
	bool started;
	bool top_pad_set;		/* by the program: take it literally */
	bool dynamic;			/* glibc mode: frees move the thresholds */
	size_t mode;			/* enum malloc_mode */
	size_t mmap_threshold;		/* requests from here on are mapped */
	size_t trim_threshold;		/* top from here on is trimmed */
	size_t top_pad;			/* asked for beyond the need, left by trim */
	size_t mmap_max;		/* mapped chunks at a time */
	size_t nr_arenas;
	size_t perturb;			/* fill byte, 0: none */
	size_t cache;			/* thread caches */
	size_t zero;			/* fill freed blocks with zeros */
	size_t quarantine;		/* freed bytes that wait */
	size_t guard;			/* a guard page behind mapped blocks */
	size_t random;			/* place chunks at random */
};

extern struct malloc_options malloc_options;

/* A mode is a set of values for those options that make it up; tools/mallopt.c. */
void options_for_mode(enum malloc_mode mode);

/* "default", "textbook" or "glibc"; likewise. */
const char *options_mode_name(void);

/* Called on slow paths; the first call prepares everything. */
void malloc_start(void);

static inline void malloc_ensure_started(void)
{
	if (unlikely(!__atomic_load_n(&malloc_options.started, __ATOMIC_ACQUIRE)))
		malloc_start();
}

/* For options that frees move while other threads look at them. */
static inline size_t option_load(const size_t *option)
{
	return __atomic_load_n(option, __ATOMIC_RELAXED);
}

/* The next number of the sequence that starts with the port's randomness. */
uint64_t malloc_random(void);
