/*
 * arena.h - one heap: its bins, its top, its regions, its lock.
 *
 * The struct lives outside the memory that it manages, so an overflow in the
 * program cannot reach it. Several arenas let threads allocate side by side;
 * the first, main_arena, owns the break, the others map their regions.
 *
 *	system_bytes == sum of the sizes of all chunks in all regions
 *	in use       == system_bytes - binned_bytes - quick_bytes - top
 *	dirty        <= clean - top
 */
#pragma once

#include "bin.h"
#include "quick.h"

#define NR_ARENAS	4	/* the two A bits of a chunk's size */

/* The largest chunk: a region must hold it and a top. */
#define ARENA_MAX_BYTES	(CHUNK_MAX - 4 * PORT_PAGE_BYTES)

/* What release.c counts, to know what is idle and what giving it back costs. */
struct release {
	size_t freed;		/* bytes, since release_idle() has looked */
	size_t paid_at;		/* then time will have paid for what went back; release.c */
	size_t turned;		/* bytes freed in this turn of the heap */
	size_t cold;		/* the least that was idle in this turn */
	size_t mark;		/* when less is in use, the heap counts as emptied again */
	bool sweep;		/* what waits is to be merged */
	bool due;		/* and all that is idle to go back */
};

struct arena {
	port_lock_t lock;		/* guards every field, and the chunks */
	uint32_t flags;			/* this arena's A bits */
	struct chunk *top;		/* NULL before the first growth */
	char *base;			/* of top's region */
	char *end;			/* of top, which must not be forged */
	char *clean;			/* top reads as zero from here on */
	size_t dirty;			/* bytes of top below clean that may be resident */
	bool mapped;			/* top's region is from port_map() */
	char *brk;			/* where the break was left; main_arena's */
	struct chunk *fences;		/* ends of the other regions */
	char *low;			/* no region has ever begun below */
	char *high;			/* or ended above */
	size_t system_bytes;
	size_t max_system_bytes;
	size_t binned_bytes;		/* sum of the sizes of binned chunks */
	size_t idle_bytes;		/* of these, what a purge would release */
	size_t quick_bytes;		/* waiting; quick.h */
	uint32_t nr_sweeps;		/* of what waits */
	struct release release;
	struct quick quick[NR_QUICK];	/* by chunk bytes / 16 */
	struct binset bins;
};

extern struct arena malloc_arenas[NR_ARENAS];
#define main_arena	malloc_arenas[0]

static inline struct arena *chunk_arena(const struct chunk *c)
{
	return &malloc_arenas[(load_u32(&c->size) & ARENA_MASK) >> ARENA_SHIFT];
}

static inline size_t top_bytes(const struct arena *a)
{
	return a->end - (char *)a->top;	/* both NULL before the first growth */
}

static inline size_t arena_bytes_in_use(const struct arena *a)
{
	return a->system_bytes - a->binned_bytes - a->quick_bytes - top_bytes(a);
}

/*
 * Can @p be an address in this arena? If it has several regions, foreign memory in
 * between can, too.
 */
static inline bool arena_spans(const struct arena *a, const void *p)
{
	return a->fences ? (char *)p >= a->low && (char *)p < a->high :
			   (char *)p >= a->base && (char *)p < a->end;
}

/*
 * The caller of all these holds a->lock.
 *
 * A chunk of at least @bytes, in use; its mem is a multiple of @alignment, a
 * power of two. NULL: no memory, nothing was changed. Without @grow only what
 * the arena has is considered.
 */
struct chunk *arena_alloc(struct arena *a, size_t bytes, size_t alignment, bool grow);

/* Up to @want cached chunks of @bytes to @out, falling; how many, 0: no memory. */
unsigned int arena_alloc_run(struct arena *a, size_t bytes, unsigned int want, void **out);

/*
 * Take back a chunk in @state, in use, cached or quick, which the caller has
 * checked: merge it and bin it, or let top have it. The chunk that it is now.
 */
struct chunk *arena_free(struct arena *a, struct chunk *c, enum chunk_state state);

/*
 * The chunk behind @c, whose header is sound, region by region; for NULL the
 * first one. NULL: there is none.
 */
struct chunk *arena_next(struct arena *a, struct chunk *c);

/*
 * Make @c, in use, @bytes long or a little more: free the rest if it makes a
 * chunk, or take what is free behind it. False: that does not suffice, and
 * nothing was changed.
 */
bool arena_resize(struct arena *a, struct chunk *c, size_t bytes);
