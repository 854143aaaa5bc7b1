/*
 * arena.c - cutting chunks out of an arena, and putting them back.
 *
 * Allocation takes the tightest free chunk at hand, or else top, and cuts off
 * what is too much. A free merges with both neighbours, so that
 *
 *	no two binned chunks are neighbours, none borders on top
 *	(unless together they would exceed CHUNK_MAX)
 *	P(next) == 0  exactly when the chunk is binned; then
 *	next->prev_size == chunk_bytes(chunk)
 */
#include "arena.h"

#include "check.h"
#include "event.h"
#include "options.h"
#include "release.h"
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
		return;
	}
	chunk_set(p.c, p.bytes | a->flags | prev_inuse(p.c), CHUNK_BINNED);
	next->prev_size = p.bytes;
	store_u32(&next->size, load_u32(&next->size) & ~PREV_INUSE);
	bin_insert(a, p.c);
	release_enter(a, p.c, p.dirty);
}

/* What becomes of a chunk that bin_remove() has just taken out. */
static inline struct piece unbinned(struct arena *a, struct chunk *c)
{
	struct piece p = { c, chunk_bytes(c), release_leave(a, c) };
	struct chunk *next = chunk_at(c, p.bytes);

	if (next->prev_size != p.bytes || prev_inuse(next))
		malloc_panic("corrupted previous size", chunk_to_mem(next));
	store_u32(&next->size, load_u32(&next->size) | PREV_INUSE);
	chunk_change(c, CHUNK_BINNED, CHUNK_MERGED);
	return p;
}

/* What is free behind @c: a binned chunk, top, or nothing. */
static inline struct piece take_next(struct arena *a, struct chunk *c, size_t max)
{
	struct chunk *next = chunk_at(c, chunk_bytes(c));
	enum chunk_state state;

	if (next == a->top) {
		if (!chunk_is(next, CHUNK_TOP))
			malloc_panic("corrupted top", chunk_to_mem(next));
		chunk_change(next, CHUNK_TOP, CHUNK_MERGED);
		return (struct piece){ next, top_bytes(a), top_bytes(a) };
	}
	state = chunk_state(next);
	if (state == CHUNK_TOP || state >= CHUNK_MERGED)
		malloc_panic("corrupted next chunk", chunk_to_mem(c));
	if (state != CHUNK_BINNED || chunk_bytes(next) > max)
		return (struct piece){ next, 0, 0 };
	bin_remove(a, next);
	return unbinned(a, next);
}

/* The binned chunk in front of @c; NULL: the one there is not free. */
static struct chunk *prev_chunk(struct arena *a, struct chunk *c)
{
	struct chunk *prev;

	if (prev_inuse(c))
		return NULL;
	prev = (struct chunk *)((uintptr_t)c - c->prev_size);
	if (c->prev_size % CHUNK_ALIGN || !arena_spans(a, prev) ||
	    !chunk_is(prev, CHUNK_BINNED) || chunk_bytes(prev) != c->prev_size)
		malloc_panic("corrupted previous size", chunk_to_mem(c));
	return prev;
}

/* The piece that @p and the free chunk in front of it make. */
static struct piece join_prev(struct arena *a, struct chunk *prev,
			      struct piece p)
{
	struct piece front;

	bin_remove(a, prev);
	front = unbinned(a, prev);
	return (struct piece){ prev, front.bytes + p.bytes,
			       front.dirty + p.dirty };
}

void arena_free(struct arena *a, struct chunk *c, enum chunk_state state)
{
	size_t bytes = chunk_bytes(c);
	struct piece next = take_next(a, c, CHUNK_MAX - bytes);
	struct piece p = { c, bytes + next.bytes, bytes + next.dirty };
	struct chunk *prev = prev_chunk(a, c);
	bool is_top = (char *)c + p.bytes == a->end;

	a->release.freed += bytes;
	chunk_change(c, state, CHUNK_MERGED);
	if (next.bytes)
		malloc_event(MALLOC_EVENT_COALESCE, c, p.bytes);
	if (prev && (is_top || p.bytes + chunk_bytes(prev) <= CHUNK_MAX)) {
		p = join_prev(a, prev, p);
		malloc_event(MALLOC_EVENT_COALESCE, p.c, p.bytes);
	}
	if (a->fences && !is_top &&
	    top_unmap_region(a, p.c, chunk_at(p.c, p.bytes)))
		return;
	put(a, p);
	if (is_top)
		top_freed(a, p.bytes);
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

	if (bytes > CHUNK_MAX)
		return false;
	c = a->binned_bytes ? bin_take(a, bytes) : NULL;
	if (!c && top_is_short(a, bytes) && quick_may_help(a)) {
		quick_sweep(a);
		c = bin_take(a, bytes);
	}
	if (c) {
		*p = unbinned(a, c);
		if (p->dirty < p->bytes)
			release_regret(a);
		return true;
	}
	while (top_is_short(a, bytes))
		if (!grow || !top_grow(a, bytes))
			return false;
	top_verify(a);
	*p = (struct piece){ a->top, top_bytes(a), top_bytes(a) };
	return true;
}

/* Turn @p into a chunk of @bytes in use and a free rest that makes a chunk. */
static inline struct chunk *cut(struct arena *a, struct piece p, size_t bytes)
{
	uint32_t flags = a->flags | prev_inuse(p.c);
	struct piece rest = { chunk_at(p.c, bytes), p.bytes - bytes, p.dirty };

	if (rest.bytes < CHUNK_MIN) {
		chunk_set(p.c, p.bytes | flags, CHUNK_IN_USE);
		return p.c;
	}
	if ((char *)p.c + p.bytes != a->end)
		malloc_event(MALLOC_EVENT_SPLIT, p.c, bytes);
	chunk_set(p.c, bytes | flags, CHUNK_IN_USE);
	store_u32(&rest.c->size, PREV_INUSE);
	rest.dirty = min_size(rest.dirty, rest.bytes);
	put(a, rest);
	return p.c;
}

/* Free the first @lead bytes of @c, in use; the rest of it. */
static struct chunk *cut_lead(struct arena *a, struct chunk *c, size_t lead)
{
	struct chunk *rest = chunk_at(c, lead);

	chunk_set(rest, (chunk_bytes(c) - lead) | a->flags | PREV_INUSE,
		  CHUNK_IN_USE);
	chunk_set(c, lead | a->flags | prev_inuse(c), CHUNK_IN_USE);
	arena_free(a, c, CHUNK_IN_USE);
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
	if (aligned != mem)
		c = cut_lead(a, c, aligned - mem);
	arena_shrink(a, c, bytes);
	return c;
}

struct chunk *arena_alloc(struct arena *a, size_t bytes, size_t alignment,
			  bool grow)
{
	size_t lead = options_random_lead(), room = bytes;
	struct piece p;

	if (alignment > CHUNK_ALIGN || lead)
		room += lead + alignment + CHUNK_MIN;
	if (!take(a, room, grow, &p))
		return NULL;
	if (room == bytes)
		return cut(a, p, bytes);
	return cut_aligned(a, cut(a, p, room), bytes, alignment, lead);
}

/* Divide @c, in use, into @nr chunks of @bytes; the last takes what is over. */
static void divide(struct arena *a, struct chunk *c, size_t bytes,
		   unsigned int nr, void **out)
{
	uint32_t flags = a->flags | prev_inuse(c);
	size_t left = chunk_bytes(c);

	for (; nr > 1; left -= bytes) {
		chunk_set(c, bytes | flags, CHUNK_CACHED);
		out[--nr] = chunk_to_mem(c);
		c = chunk_at(c, bytes);
		flags = a->flags | PREV_INUSE;
	}
	chunk_set(c, left | flags, CHUNK_CACHED);
	out[0] = chunk_to_mem(c);
}

unsigned int arena_alloc_run(struct arena *a, size_t bytes, unsigned int want,
			     void **out)
{
	unsigned int nr = 0;
	struct chunk *c;
	struct piece p;

	while (nr < want && (c = quick_pop(a, bytes))) {
		chunk_change(c, CHUNK_QUICK, CHUNK_CACHED);
		out[nr++] = chunk_to_mem(c);
	}
	if (nr || !take(a, bytes, true, &p))
		return nr;
	/* Of top only what it has: a run is no reason to grow. */
	nr = min_size((p.bytes - (p.c == a->top ? CHUNK_MIN : 0)) / bytes, want);
	divide(a, cut(a, p, nr * bytes), bytes, nr, out);
	return nr;
}

/* ---- in place ---- */

void arena_shrink(struct arena *a, struct chunk *c, size_t bytes)
{
	size_t left = chunk_bytes(c) - bytes;
	struct chunk *rest = chunk_at(c, bytes);

	if (left < CHUNK_MIN)
		return;
	chunk_set(c, bytes | (load_u32(&c->size) & SIZE_FLAGS), CHUNK_IN_USE);
	chunk_set(rest, left | a->flags | PREV_INUSE, CHUNK_IN_USE);
	malloc_event(MALLOC_EVENT_SPLIT, c, bytes);
	arena_free(a, rest, CHUNK_IN_USE);
}

struct chunk *arena_grow(struct arena *a, struct chunk *c, size_t bytes)
{
	size_t old = chunk_bytes(c), spare;
	struct chunk *next = chunk_at(c, old), *prev = prev_chunk(a, c);
	struct piece p;

	if (bytes > CHUNK_MAX)
		return NULL;
	if (next == a->top && top_is_short(a, bytes - old))
		top_grow(a, bytes - old);	/* if not: what is in front? */
	p = take_next(a, c, CHUNK_MAX - old);
	spare = next == a->top ? CHUNK_MIN : 0;
	p = (struct piece){ c, old + p.bytes, p.dirty };
	if (p.bytes < bytes + spare && prev &&
	    p.bytes + chunk_bytes(prev) >= bytes + spare &&
	    p.bytes + chunk_bytes(prev) <= CHUNK_MAX) {
		chunk_change(c, CHUNK_IN_USE, CHUNK_MERGED);
		p.dirty += old;
		p = join_prev(a, prev, p);
		__builtin_memmove(chunk_to_mem(p.c), chunk_to_mem(c),
				  old - CHUNK_OVERHEAD);
	}
	if (p.bytes >= bytes + spare)
		return cut(a, p, bytes);
	cut(a, p, old);		/* put back what did not suffice */
	return NULL;
}
