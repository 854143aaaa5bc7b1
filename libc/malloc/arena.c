/*
 * arena.c - cutting chunks out of an arena, and putting them back.
 *
 * Allocation takes the tightest free chunk at hand and splits it, or carves
 * from top. A free merges with both neighbours at once, so that
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
#include "tcache.h"
#include "top.h"

struct arena malloc_arenas[NR_ARENAS];

/*
 * A thread stays with its arena while nobody else is in it. If somebody is,
 * it moves on: contention is what creates the second arena.
 */
struct arena *arena_lock(void)
{
	struct arena *a = tcache_arena();
	unsigned int nr = malloc_options.nr_arenas;

	if (port_lock(&a->lock, false))
		return a;
	if (nr > 1)
		a = tcache_move(&malloc_arenas[(a - malloc_arenas + 1) % nr]);
	arena_lock_this(a);
	return a;
}

/*
 * Enter [@c, @c + @bytes) as a free chunk, of which @dirty bytes may be
 * resident. The neighbours are not free; @c->size has the right P bit.
 */
static void make_free(struct arena *a, struct chunk *c, size_t bytes,
		      size_t dirty)
{
	struct chunk *next = chunk_at(c, bytes);

	chunk_set(c, bytes | a->flags | (load_u32(&c->size) & PREV_INUSE),
		  CHUNK_BINNED);
	next->prev_size = bytes;
	store_u32(&next->size, load_u32(&next->size) & ~PREV_INUSE);
	bin_insert(a, c);
	chunk_set_dirty(a, c, dirty);
}

/* Take a binned neighbour apart so that it can be merged away. */
static void swallow(struct arena *a, struct chunk *c)
{
	bin_remove(a, c);
	chunk_change(c, CHUNK_BINNED, CHUNK_MERGED);
}

/* The binned chunk in front of @c, which says that there is one. */
static struct chunk *prev_chunk(struct arena *a, struct chunk *c)
{
	struct chunk *prev = chunk_at(c, -(ptrdiff_t)c->prev_size);

	if (c->prev_size % CHUNK_ALIGN || !arena_spans(a, prev) ||
	    !chunk_is(prev, CHUNK_BINNED) || chunk_bytes(prev) != c->prev_size)
		malloc_panic("corrupted previous size", chunk_to_mem(c));
	return prev;
}

/* The chunk after @c; whatever is there must be able to prove itself. */
static struct chunk *next_chunk(struct arena *a, struct chunk *c,
				enum chunk_state *state)
{
	struct chunk *next = chunk_at(c, chunk_bytes(c));

	if (next == a->top) {
		top_verify(a);
		*state = CHUNK_TOP;
		return next;
	}
	*state = chunk_state(next);
	if (*state == CHUNK_TOP || *state >= CHUNK_MERGED)
		malloc_panic("corrupted next chunk", chunk_to_mem(c));
	return next;
}

/* A mapped region that has become one free chunk goes back to the system. */
static bool unmap_region(struct arena *a, struct chunk *c, struct chunk *fence)
{
	struct region *r = region_of(a, c);
	size_t bytes = r->end - r->base;

	if (!r->mapped || (char *)c != r->base ||
	    (char *)fence + chunk_bytes(fence) != r->end)
		return false;
	a->system_bytes -= bytes;
	port_unmap(r->base, bytes);
	region_drop(a, r);
	return true;
}

void arena_free(struct arena *a, struct chunk *c, enum chunk_state state)
{
	size_t bytes = chunk_bytes(c), dirty = bytes;
	enum chunk_state next_state;
	struct chunk *next = next_chunk(a, c, &next_state);
	struct chunk *prev;

	chunk_change(c, state, CHUNK_MERGED);
	if (next_state == CHUNK_BINNED &&
	    bytes + chunk_bytes(next) <= CHUNK_MAX) {
		dirty += chunk_dirty(next);
		bytes += chunk_bytes(next);
		swallow(a, next);
		malloc_event(MALLOC_EVENT_COALESCE, c, bytes);
	}
	if (!(load_u32(&c->size) & PREV_INUSE)) {
		prev = prev_chunk(a, c);
		if (next_state == CHUNK_TOP ||
		    bytes + chunk_bytes(prev) <= CHUNK_MAX) {
			dirty += chunk_dirty(prev);
			bytes += chunk_bytes(prev);
			swallow(a, prev);
			c = prev;
			malloc_event(MALLOC_EVENT_COALESCE, c, bytes);
		}
	}
	if (next_state == CHUNK_TOP) {
		chunk_change(next, CHUNK_TOP, CHUNK_MERGED);
		top_set(a, c);
		malloc_event(MALLOC_EVENT_COALESCE, c, a->end - (char *)c);
		top_freed(a, a->end - (char *)c);
		return;
	}
	if (next_state == CHUNK_FENCE && unmap_region(a, c, next))
		return;
	make_free(a, c, bytes, dirty);
}

/* Bytes of a chunk just taken from its bin; its end is the program's no more. */
static size_t unbin(struct chunk *c)
{
	size_t bytes = chunk_bytes(c);
	struct chunk *next = chunk_at(c, bytes);
	uint32_t next_size = load_u32(&next->size);

	if (next->prev_size != bytes || (next_size & PREV_INUSE))
		malloc_panic("corrupted previous size", chunk_to_mem(next));
	store_u32(&next->size, next_size | PREV_INUSE);
	return bytes;
}

/*
 * Turn [@c, @c + @total), owned by nobody, into a chunk of @bytes in use and
 * a free rest, if that is large enough to be one.
 */
static void cut(struct arena *a, struct chunk *c, size_t total, size_t bytes,
		size_t dirty)
{
	uint32_t flags = a->flags | (load_u32(&c->size) & PREV_INUSE);
	struct chunk *rest = chunk_at(c, bytes);
	size_t left = total - bytes;

	if (left < CHUNK_MIN) {
		chunk_set(c, total | flags, CHUNK_IN_USE);
		return;
	}
	chunk_set(c, bytes | flags, CHUNK_IN_USE);
	store_u32(&rest->size, PREV_INUSE);
	make_free(a, rest, left, dirty < left ? dirty : left);
	malloc_event(MALLOC_EVENT_SPLIT, c, bytes);
}

/* A free chunk of at least @bytes, cut down to that; NULL: none is. */
static struct chunk *alloc_from_bins(struct arena *a, size_t bytes)
{
	struct chunk *c = bin_take(a, bytes);
	size_t dirty;

	if (!c)
		return NULL;
	dirty = chunk_dirty(c);
	if (dirty < chunk_bytes(c))
		arena_count_swing(a);
	cut(a, c, unbin(c), bytes, dirty);
	return c;
}

/* Would carving @bytes from top need more memory from the system? */
static bool top_is_short(const struct arena *a, size_t bytes)
{
	return !a->top || (size_t)(a->end - (char *)a->top) <
			  bytes + CHUNK_MIN;
}

struct chunk *arena_alloc(struct arena *a, size_t bytes)
{
	struct chunk *c;

	if (bytes > CHUNK_MAX)
		return NULL;
	c = alloc_from_bins(a, bytes);
	if (!c && top_is_short(a, bytes) && quick_may_help(a)) {
		quick_sweep(a);
		c = alloc_from_bins(a, bytes);
	}
	return c ? c : top_carve(a, bytes);
}

struct chunk *arena_alloc_present(struct arena *a, size_t bytes)
{
	struct chunk *c;

	if (bytes > CHUNK_MAX)
		return NULL;
	c = alloc_from_bins(a, bytes);
	if (c || top_is_short(a, bytes))
		return c;
	return top_carve(a, bytes);
}

/* As many chunks of @bytes, up to @want, as top has without growing. */
static size_t top_run(struct arena *a, size_t bytes, unsigned int want)
{
	size_t room = a->top ? a->end - (char *)a->top - CHUNK_MIN : 0;

	if (room < bytes)
		return bytes;
	return room / bytes < want ? room / bytes * bytes : want * bytes;
}

/* A free chunk of exactly @bytes, turned into @state; NULL: none. */
static struct chunk *take_exact(struct arena *a, size_t bytes,
				enum chunk_state state)
{
	struct chunk *c = quick_pop(a, bytes);

	if (c) {
		chunk_change(c, CHUNK_QUICK, state);
		return c;
	}
	c = bytes <= EXACT_MAX ? bin_take_exact(a, bytes) : NULL;
	if (c) {
		unbin(c);
		chunk_change(c, CHUNK_BINNED, state);
	}
	return c;
}

/* Exact fits, as many as there are; NULL: none. */
static struct chunk *run_of_exact(struct arena *a, size_t bytes,
				  unsigned int want, void **out,
				  unsigned int *nr)
{
	struct chunk *first = take_exact(a, bytes, CHUNK_IN_USE), *c;

	while (first && *nr + 1 < want &&
	       (c = take_exact(a, bytes, CHUNK_CACHED)))
		out[(*nr)++] = chunk_to_mem(c);
	return first;
}

/* Divide @c, in use, into chunks of @bytes; the last one takes what is over. */
static void divide(struct arena *a, struct chunk *c, size_t bytes, void **out,
		   unsigned int *nr)
{
	uint32_t flags = a->flags | (load_u32(&c->size) & PREV_INUSE);
	size_t left = chunk_bytes(c);
	enum chunk_state state = CHUNK_IN_USE;

	for (; left >= 2 * bytes; left -= bytes) {
		chunk_set(c, bytes | flags, state);
		c = chunk_at(c, bytes);
		out[(*nr)++] = chunk_to_mem(c);
		flags = a->flags | PREV_INUSE;
		state = CHUNK_CACHED;
	}
	chunk_set(c, left | flags, state);
}

struct chunk *arena_alloc_run(struct arena *a, size_t bytes, unsigned int want,
			      void **out, unsigned int *nr)
{
	struct chunk *c;
	size_t total, dirty;

	*nr = 0;
	c = run_of_exact(a, bytes, want, out, nr);
	if (c)
		return c;
	c = bin_take(a, bytes);
	if (!c && top_is_short(a, bytes) && quick_may_help(a)) {
		quick_sweep(a);
		c = bin_take(a, bytes);
	}
	if (c) {
		dirty = chunk_dirty(c);
		total = unbin(c);
		cut(a, c, total,
		    total < want * bytes ? total / bytes * bytes : want * bytes,
		    dirty);
	} else {
		c = top_carve(a, top_run(a, bytes, want));
	}
	if (c)
		divide(a, c, bytes, out, nr);
	return c;
}

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

static bool grow_into_top(struct arena *a, struct chunk *c, size_t bytes)
{
	struct chunk *top = a->top;
	size_t more = bytes - chunk_bytes(c);

	if ((size_t)(a->end - (char *)top) < more + CHUNK_MIN &&
	    (!top_grow(a, more) || a->top != top))
		return false;
	chunk_change(top, CHUNK_TOP, CHUNK_MERGED);
	chunk_set(c, bytes | (load_u32(&c->size) & SIZE_FLAGS), CHUNK_IN_USE);
	top_set(a, chunk_at(c, bytes));
	return true;
}

bool arena_grow(struct arena *a, struct chunk *c, size_t bytes)
{
	enum chunk_state next_state;
	struct chunk *next = next_chunk(a, c, &next_state);
	size_t total, dirty;

	if (bytes > CHUNK_MAX)
		return false;
	if (next_state == CHUNK_TOP)
		return grow_into_top(a, c, bytes);
	total = chunk_bytes(c) + chunk_bytes(next);
	if (next_state != CHUNK_BINNED || total < bytes || total > CHUNK_MAX)
		return false;
	dirty = chunk_dirty(next);
	swallow(a, next);
	unbin(next);
	cut(a, c, total, bytes, dirty);
	return true;
}

void arena_forget(struct arena *a)
{
	bins_init(&a->bins);
	__builtin_memset(a->bins.bitmap, 0, sizeof(a->bins.bitmap));
	a->top = NULL;
	a->end = a->clean = NULL;
	a->gave_back = false;
	a->system_bytes = a->binned_bytes = 0;
	a->swings = a->nr_regions = 0;
}
