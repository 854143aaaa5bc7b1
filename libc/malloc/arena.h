/*
 * arena.h - one heap: its bins, its top, its regions, its lock.
 *
 * The struct lives outside the memory that it manages, so an overflow in the
 * program cannot reach it. Several arenas let threads allocate side by side;
 * the first, main_arena, owns the break, the others map their regions.
 *
 *	system_bytes == sum of (end - base) over all regions
 *	end - base   == sum of the sizes of the region's chunks
 */
#pragma once

#include "bin.h"
#include "chunk.h"
#include "quick.h"
#include "region.h"

#define NR_ARENAS	4	/* the two A bits of a chunk's size */

struct arena {
	port_lock_t lock;		/* guards every field, and the chunks */
	uint32_t flags;			/* this arena's A bits */
	struct chunk *top;		/* NULL before the first growth */
	char *end;			/* of top, which must not be forged */
	char *clean;			/* top reads as zero from here on */
	size_t system_bytes;
	size_t max_system_bytes;
	size_t drain_mark;		/* in use when last drained; release.c */
	bool gave_back;			/* pages, and has not needed any since */
	unsigned int swings;		/* times that it needed them again */
	size_t quick_bytes;		/* waiting; quick.h */
	size_t binned_bytes;		/* sum of the sizes of binned chunks */
	uintptr_t quick[NR_QUICK];	/* by chunk bytes / 16; masked links */
	struct binset bins;
	char *low;			/* the lowest base and the highest end */
	char *high;			/* of any region there has been */
	struct region *regions;		/* first_regions until they are full */
	unsigned int nr_regions;
	unsigned int max_regions;
	struct region first_regions[4];
};

extern struct arena malloc_arenas[NR_ARENAS]
	__attribute__((visibility("hidden")));
#define main_arena	malloc_arenas[0]

static inline struct arena *chunk_arena(const struct chunk *c)
{
	return &malloc_arenas[(load_u32(&c->size) & ARENA_MASK) >> ARENA_SHIFT];
}

/* Lock an arena for the calling thread to allocate from. */
struct arena *arena_lock(void);

static inline void arena_lock_this(struct arena *a)
{
	port_lock(&a->lock, true);
}

static inline void arena_unlock(struct arena *a)
{
	port_unlock(&a->lock);
}

/*
 * The caller of all these holds a->lock.
 *
 * A chunk of at least @bytes, in use. NULL: no memory, nothing was changed.
 */
struct chunk *arena_alloc(struct arena *a, size_t bytes);

/*
 * Up to @want chunks of exactly @bytes side by side in rising order: the
 * first is returned in use, the rest go to @out as cached, *@nr of them.
 */
struct chunk *arena_alloc_run(struct arena *a, size_t bytes, unsigned int want,
			      void **out, unsigned int *nr);

/* The same, but without asking the system for more. */
struct chunk *arena_alloc_present(struct arena *a, size_t bytes);

/*
 * Take back a chunk in @state, in use or cached, which the caller has checked:
 * merge it, bin it, trim.
 */
void arena_free(struct arena *a, struct chunk *c, enum chunk_state state);

static inline size_t arena_bytes_in_use(const struct arena *a)
{
	size_t top = a->top ? a->end - (char *)a->top : 0;

	return a->system_bytes - a->binned_bytes - a->quick_bytes - top;
}

/* Cut @c, in use, down to @bytes and free the rest if it makes a chunk. */
void arena_shrink(struct arena *a, struct chunk *c, size_t bytes);

/* Make @c, in use, at least @bytes long without moving it, if that is free. */
bool arena_grow(struct arena *a, struct chunk *c, size_t bytes);

/* The memory is gone: be as a new arena. */
void arena_forget(struct arena *a);

/* Can @p be an address in this arena? Foreign memory in between is, too. */
static inline bool arena_spans(const struct arena *a, const void *p)
{
	return (char *)p >= a->low && (char *)p < a->high;
}

/* A region ends at @end now. */
static inline void arena_raise(struct arena *a, char *end)
{
	if (end > a->high)
		a->high = end;
}
