/*
 * arena.c - cutting chunks out of an arena, and putting them back.
 *
 * Allocation takes the tightest free chunk at hand, or else top, and cuts off
 * what is too much. A free merges with both neighbours, so that
 *
 *	no two binned chunks are neighbours, none borders on top
 *	P(next) == 0  exactly when the chunk is binned; then
 *	next->prev_size == chunk_bytes(chunk)
 */
#include "arena.h"

#include "check.h"
#include "options.h"
#include "release.h"
#include "tools/careful.h"
#include "tools/event.h"
#include "top.h"

struct arena malloc_arenas[NR_ARENAS];

/* A free stretch of memory on its way in or out; its neighbours are not free. */
struct piece {
	struct chunk *c;	/* size has the right P bit, the rest is void */
	size_t bytes;
	size_t dirty;		/* how many may be resident */
};

static uint32_t prev_inuse(const struct chunk *c)
{
	return load_u32(&c->size) & PREV_INUSE;
}

/* ---- free pieces, and the bins ---- */

static inline void put(struct arena *a, struct piece p)
{
	struct chunk *next = chunk_at(p.c, p.bytes);

	if ((char *)next == a->end) {
		top_set(a, p.c);
		a->dirty = min_size(p.dirty, a->clean - (char *)p.c);
		return;
	}
	chunk_set(p.c, p.bytes | a->flags | prev_inuse(p.c), CHUNK_BINNED);
	next->prev_size = p.bytes;
	store_u32(&next->size, load_u32(&next->size) & ~PREV_INUSE);
	bin_insert(a, p.c, !p.dirty);
	release_enter(a, p.c, p.dirty);
}

/* Take @c, which is binned, out of its bin. */
static inline struct piece unbin(struct arena *a, struct chunk *c)
{
	struct piece p = { c, chunk_bytes(c), release_leave(a, c) };
	struct chunk *next = chunk_at(c, p.bytes);

	bin_remove(a, c);
	if (next->prev_size != p.bytes || prev_inuse(next))
		malloc_panic("corrupted previous size", chunk_to_mem(next));
	store_u32(&next->size, load_u32(&next->size) | PREV_INUSE);
	chunk_change(c, CHUNK_BINNED, CHUNK_MERGED);
	return p;
}

/* What is free behind @c: top, a binned chunk, or nothing. */
static inline struct piece take_next(struct arena *a, struct chunk *c)
{
	struct chunk *next = chunk_at(c, chunk_bytes(c));
	enum chunk_state state;

	if (next == a->top) {
		top_verify(a);
		chunk_change(next, CHUNK_TOP, CHUNK_MERGED);
		return (struct piece){ next, top_bytes(a), a->dirty };
	}
	state = chunk_state(next);
	if (state == CHUNK_TOP || state >= CHUNK_MERGED)
		malloc_panic("corrupted next chunk", chunk_to_mem(c));
	return state == CHUNK_BINNED ? unbin(a, next) : (struct piece){ next, 0, 0 };
}

/* What is free in front of @c, or nothing. */
static struct piece take_prev(struct arena *a, struct chunk *c)
{
	struct chunk *prev;

	if (prev_inuse(c))
		return (struct piece){ c, 0, 0 };
	prev = (struct chunk *)((uintptr_t)c - c->prev_size);
	if (c->prev_size % CHUNK_ALIGN || !arena_spans(a, prev) ||
	    !chunk_is(prev, CHUNK_BINNED) || chunk_bytes(prev) != c->prev_size)
		malloc_panic("corrupted previous size", chunk_to_mem(c));
	return unbin(a, prev);
}

static struct piece join(struct piece front, struct piece back)
{
	struct piece p = { front.c, front.bytes + back.bytes, front.dirty + back.dirty };

	if (front.bytes && back.bytes)
		malloc_event(MALLOC_EVENT_COALESCE, p.c, p.bytes);
	return p;
}

struct chunk *arena_free(struct arena *a, struct chunk *c, enum chunk_state state)
{
	size_t bytes = chunk_bytes(c);
	struct piece p = { c, bytes, bytes };

	p = join(take_prev(a, c), join(p, take_next(a, c)));
	chunk_change(c, state, CHUNK_MERGED);
	put(a, p);
	if (p.c == a->top)
		top_freed(a);
	return p.c;
}

struct chunk *arena_next(struct arena *a, struct chunk *c)
{
	struct chunk *fence = a->fences;

	if (c && c == a->top)
		return NULL;
	if (c && !chunk_is(c, CHUNK_FENCE))
		return chunk_at(c, chunk_bytes(c));
	if (c)
		top_fence_base(c, &fence);
	return (struct chunk *)(fence ? top_fence_base(fence, &c) : a->base);
}

/* ---- allocation ---- */

/* Would @bytes from top need more memory from the system? */
static bool top_is_short(const struct arena *a, size_t bytes)
{
	return top_bytes(a) < bytes + CHUNK_MIN;
}

/* A free piece of at least @bytes, the tightest at hand; false: none. */
static inline bool take(struct arena *a, size_t bytes, bool grow, struct piece *p)
{
	struct chunk *c;

	if (bytes > ARENA_MAX_BYTES)
		return false;
	c = a->binned_bytes ? bin_find(a, bytes) : NULL;
	if (!c && top_is_short(a, bytes) && a->quick_bytes >= QUICK_GROW_BYTES) {
		quick_sweep(a);
		c = bin_find(a, bytes);
	}
	if (c) {
		*p = unbin(a, c);
		return true;
	}
	while (top_is_short(a, bytes))
		if (!grow || !top_grow(a, bytes))
			return false;
	top_verify(a);
	*p = (struct piece){ a->top, top_bytes(a), a->dirty };
	return true;
}

/* Turn @p into a chunk of @bytes in use and a free rest that makes a chunk. */
static inline struct chunk *cut(struct arena *a, struct piece p, size_t bytes)
{
	uint32_t flags = a->flags | prev_inuse(p.c);
	struct piece rest = { chunk_at(p.c, bytes), p.bytes - bytes, p.dirty };

	chunk_set(p.c, (rest.bytes < CHUNK_MIN ? p.bytes : bytes) | flags, CHUNK_IN_USE);
	if (rest.bytes < CHUNK_MIN)
		return p.c;
	if ((char *)p.c + p.bytes != a->end)
		malloc_event(MALLOC_EVENT_SPLIT, p.c, bytes);
	store_u32(&rest.c->size, PREV_INUSE);
	rest.dirty = min_size(rest.dirty, rest.bytes);
	put(a, rest);
	return p.c;
}

/* Make @c, in use, two such chunks; the second one, behind @bytes. */
static struct chunk *split(struct arena *a, struct chunk *c, size_t bytes)
{
	struct chunk *rest = chunk_at(c, bytes);

	chunk_set(rest, (chunk_bytes(c) - bytes) | a->flags | PREV_INUSE, CHUNK_IN_USE);
	chunk_set(c, bytes | a->flags | prev_inuse(c), CHUNK_IN_USE);
	return rest;
}

/*
 *	c                    aligned
 *	| lead, freed        | header | mem ...      | tail, freed |
 *
 * The lead is nothing, or enough for a chunk of its own. With random placement
 * it is so many bytes more, a different number each time.
 */
static struct chunk *cut_aligned(struct arena *a, struct chunk *c,
				 size_t bytes, size_t alignment, size_t lead)
{
	uintptr_t mem = (uintptr_t)chunk_to_mem(c);
	uintptr_t aligned = (mem + lead + alignment - 1) & ~(alignment - 1);

	if (aligned != mem && aligned - mem < CHUNK_MIN)
		aligned += max_size(alignment, CHUNK_MIN);
	if (aligned != mem) {
		split(a, c, aligned - mem);
		arena_free(a, c, CHUNK_IN_USE);
	}
	c = mem_to_chunk((void *)aligned);
	arena_resize(a, c, bytes);
	return c;
}

struct chunk *arena_alloc(struct arena *a, size_t bytes, size_t alignment, bool grow)
{
	size_t lead = malloc_options.random ? careful_lead() : 0, room = bytes;
	struct piece p;

	if (alignment > CHUNK_ALIGN || lead)
		room += lead + alignment + CHUNK_MIN;
	if (!take(a, room, grow, &p))
		return NULL;
	return room == bytes ? cut(a, p, bytes) :
	       cut_aligned(a, cut(a, p, room), bytes, alignment, lead);
}

unsigned int arena_alloc_run(struct arena *a, size_t bytes, unsigned int want, void **out)
{
	unsigned int nr = quick_pop(a, bytes, want, out);
	size_t left, flags;
	struct chunk *c;
	struct piece p;

	if (nr || !take(a, bytes, true, &p))
		return nr;
	/* Of top only what it has: a run is no reason to grow. */
	nr = min_size((p.bytes - (p.c == a->top ? CHUNK_MIN : 0)) / bytes, want);
	c = cut(a, p, nr * bytes);
	left = chunk_bytes(c);		/* the last one takes what is over */
	flags = a->flags | prev_inuse(c);
	for (unsigned int i = nr; i-- > 0; left -= bytes, flags |= PREV_INUSE) {
		chunk_set(c, (i ? bytes : left) | flags, CHUNK_CACHED);
		out[i] = chunk_to_mem(c);
		c = chunk_at(c, bytes);
	}
	return nr;
}

/* ---- in place ---- */

bool arena_resize(struct arena *a, struct chunk *c, size_t bytes)
{
	size_t old = chunk_bytes(c);
	struct chunk *next = chunk_at(c, old);
	struct piece p = { c, old, 0 };

	if (old >= bytes + CHUNK_MIN) {
		malloc_event(MALLOC_EVENT_SPLIT, c, bytes);
		arena_free(a, split(a, c, bytes), CHUNK_IN_USE);
	}
	if (bytes <= old || bytes > ARENA_MAX_BYTES)
		return bytes <= old;
	if (next == a->top && top_is_short(a, bytes - old) && !top_grow(a, bytes - old))
		return false;
	if (next == a->top) {	/* the usual way for what grows: half the time */
		top_verify(a);
		chunk_set(c, bytes | a->flags | prev_inuse(c), CHUNK_IN_USE);
		top_set(a, chunk_at(c, bytes));
		a->dirty = min_size(a->dirty, a->clean - (char *)a->top);
		return true;
	}
	p = join(p, take_next(a, c));
	if (p.bytes > old)
		cut(a, p, p.bytes < bytes ? old : bytes);	/* or all is put back */
	return p.bytes >= bytes;
}
