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
#include "tcache.h"
#include "top.h"

/*
 * A free chunk this large keeps count of its bytes that may be resident, and
 * hands its pages back when enough of them are.
 */
#define BIG_BYTES	(128 * 1024UL)
#define DIRTY_MAX_BYTES	(512 * 1024UL)

#define SLACK_MIN_BYTES	(128 * 1024UL)
#define SLACK_MAX_BYTES	(64 * 1024 * 1024UL)

struct big_chunk {
	struct chunk chunk;
	size_t dirty_bytes;	/* arena lock; the others read as zero */
};

/* Draining is for heaps with this much free memory, in chunks of that. */
#define DRAIN_MIN_BYTES		(512 * 1024UL)
#define DRAIN_CHUNK_BYTES	(16 * 1024UL)

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

/* How many regions start at or below @p: the table is sorted by address. */
static unsigned int regions_below(struct arena *a, const void *p)
{
	unsigned int low = 0, high = a->nr_regions;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (a->regions[middle].base <= (char *)p)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct region *region_of(struct arena *a, const void *p)
{
	unsigned int i = regions_below(a, p);

	return i && (char *)p < a->regions[i - 1].end ? &a->regions[i - 1]
						     : NULL;
}

/* Twice the room for regions, in a mapping of its own. */
static bool regions_enlarge(struct arena *a)
{
	size_t old_bytes = a->max_regions * sizeof(struct region);
	size_t bytes = page_align_up(2 * old_bytes);
	struct region *table = port_map(NULL, 0, bytes);

	if (!table)
		return false;
	for (unsigned int i = 0; i < a->nr_regions; i++)
		table[i] = a->regions[i];
	if (a->regions != a->first_regions)
		port_unmap(a->regions, page_align_up(old_bytes));
	a->regions = table;
	a->max_regions = bytes / sizeof(struct region);
	return true;
}

bool region_add(struct arena *a, char *base, char *end, bool mapped)
{
	unsigned int at = regions_below(a, base);

	if (a->nr_regions == a->max_regions && !regions_enlarge(a))
		return false;
	for (unsigned int i = a->nr_regions++; i > at; i--)
		a->regions[i] = a->regions[i - 1];
	a->regions[at] = (struct region){ base, end, mapped };
	if (!a->low || base < a->low)
		a->low = base;
	arena_raise(a, end);
	return true;
}

void region_drop(struct arena *a, struct region *r)
{
	struct region *last = &a->regions[--a->nr_regions];

	for (; r < last; r++)
		r[0] = r[1];
}

void arena_count_swing(struct arena *a)
{
	a->swings += a->gave_back;
	a->gave_back = false;
}

/*
 * What default mode keeps beyond the pad once memory has gone back and been
 * needed again twice: without it a program that swings would pay system calls
 * and a fault per page for each swing, for ever. malloc_trim() forgets it.
 */
size_t arena_slack(const struct arena *a)
{
	if (malloc_options.mode != MALLOC_MODE_DEFAULT || a->swings < 2)
		return 0;
	return a->swings < 11 ? SLACK_MIN_BYTES << (a->swings - 2)
			      : SLACK_MAX_BYTES;
}

static size_t dirty_of(struct chunk *c)
{
	if (chunk_bytes(c) < BIG_BYTES)
		return chunk_bytes(c);
	return ((struct big_chunk *)c)->dirty_bytes;
}

/* Hand back the whole pages inside a free chunk; true if there were any. */
static bool chunk_decommit(struct chunk *c)
{
	uintptr_t start = page_align_up((uintptr_t)c + sizeof(struct big_chunk));
	uintptr_t end = page_align_down((uintptr_t)c + chunk_bytes(c));

	if (start >= end || !port_decommit((void *)start, end - start))
		return false;
	malloc_event(MALLOC_EVENT_DECOMMIT, (void *)start, end - start);
	return true;
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
	if (bytes < BIG_BYTES)
		return;
	if (dirty >= DIRTY_MAX_BYTES && dirty >= a->system_bytes / 8 &&
	    dirty >= arena_slack(a) &&
	    malloc_options.mode == MALLOC_MODE_DEFAULT && chunk_decommit(c)) {
		a->gave_back = true;
		dirty = 0;
	}
	((struct big_chunk *)c)->dirty_bytes = dirty;
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
		dirty += dirty_of(next);
		bytes += chunk_bytes(next);
		swallow(a, next);
		malloc_event(MALLOC_EVENT_COALESCE, c, bytes);
	}
	if (!(load_u32(&c->size) & PREV_INUSE)) {
		prev = prev_chunk(a, c);
		if (next_state == CHUNK_TOP ||
		    bytes + chunk_bytes(prev) <= CHUNK_MAX) {
			dirty += dirty_of(prev);
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

/* Asked after frees; true once for each halving, so that it costs O(1). */
bool arena_is_draining(struct arena *a)
{
	size_t used = arena_bytes_in_use(a);

	return malloc_options.mode == MALLOC_MODE_DEFAULT &&
	       a->system_bytes - used >= DRAIN_MIN_BYTES + arena_slack(a) &&
	       used <= a->system_bytes / 16 && used <= a->drain_mark / 2;
}

void arena_drain(struct arena *a)
{
	quick_sweep(a);
	a->gave_back |= arena_decommit(a, DRAIN_CHUNK_BYTES);
	a->drain_mark = arena_bytes_in_use(a);
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
	dirty = dirty_of(c);
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
		dirty = dirty_of(c);
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
	dirty = dirty_of(next);
	swallow(a, next);
	unbin(next);
	cut(a, c, total, bytes, dirty);
	return true;
}

/* The pages of one free chunk, unless they are known to be gone already. */
static bool decommit_dirty(struct chunk *c)
{
	if (!dirty_of(c) || !chunk_decommit(c))
		return false;
	if (chunk_bytes(c) >= BIG_BYTES)
		((struct big_chunk *)c)->dirty_bytes = 0;
	return true;
}

bool arena_decommit(struct arena *a, size_t min_bytes)
{
	bool released = false;

	for (unsigned int i = bin_next(a, bin_index(min_bytes));
	     i < NR_BINS; i = bin_next(a, i + 1)) {
		struct link *head = &a->bins.heads[i];

		for (struct link *l = link_unmask(head->fd); l != head;
		     l = link_unmask(l->fd))
			if (decommit_dirty(link_to_chunk(l)))
				released = true;
	}
	return released;
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
