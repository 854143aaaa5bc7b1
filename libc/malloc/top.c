/*
 * top.c - growing the heap, and giving it back.
 *
 *	base                      top                 clean       end
 *	 | chunk | chunk | ...     | dirty             | zero      |
 *
 * Top always keeps CHUNK_MIN bytes, so its header fits, and so does a fence
 * if the next piece of memory does not continue this one. The header is for
 * people, for the walker and as a tripwire: what counts is arena->end.
 */
#include "top.h"

#include "arena.h"
#include "check.h"
#include "event.h"
#include "options.h"
#include "release.h"

#define KIB	1024UL
#define MIB	(1024 * KIB)

/* The smallest and the largest region that is mapped for want of a break. */
#define REGION_MIN_BYTES	MIB
#define REGION_MAX_BYTES	(64 * MIB)

/* glibc's: a free below this never looks at the trim threshold. */
#define TRIM_CONSOLIDATED_BYTES	(64 * KIB)

#define PAD_MAX_BYTES		MIB	/* of default mode's growing pad */

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t top_bytes(const struct arena *a)
{
	return a->end - (char *)a->top;
}

void top_set(struct arena *a, struct chunk *c)
{
	char *header_end = (char *)c + CHUNK_HEADER;
	uint32_t low = (uint32_t)(a->end - (char *)c) & ~SIZE_FLAGS;

	a->top = c;
	chunk_set(c, low | a->flags | PREV_INUSE, CHUNK_TOP);
	if (a->clean < header_end)
		a->clean = header_end;
}

void top_verify(struct arena *a)
{
	uint32_t low = (uint32_t)top_bytes(a) & ~SIZE_FLAGS;

	if (!chunk_is(a->top, CHUNK_TOP) || chunk_bytes(a->top) != low)
		malloc_panic("corrupted top", chunk_to_mem(a->top));
}

/* Bytes beyond the request, so that the next ones need no system call. */
static size_t growth_pad(const struct arena *a)
{
	if (malloc_options.mode != MALLOC_MODE_DEFAULT ||
	    malloc_options.top_pad_set)
		return malloc_options.top_pad;
	return max_size(malloc_options.top_pad,
			min_size(a->system_bytes / 16, PAD_MAX_BYTES));
}

/*
 * What to ask for so that @bytes fit, of which top has @have already. The
 * first pool is sized for the smallest request, which makes the famous
 * 132 KiB; a request that fits in there is served from it without more.
 */
static size_t growth_bytes(const struct arena *a, size_t bytes, size_t have)
{
	size_t pad = growth_pad(a);

	if (!a->top)
		return page_align_up(max_size(bytes, CHUNK_MIN + pad) +
				     CHUNK_MIN);
	return page_align_up(bytes + pad + CHUNK_MIN - have);
}

/*
 * Top's memory does not continue: turn what is left into free chunks, and
 * close it with a fence that no free will ever merge across.
 */
static void retire_top(struct arena *a)
{
	struct chunk *c = a->top, *first = c;
	size_t left = top_bytes(a);

	while (left >= 2 * CHUNK_MIN) {
		size_t bytes = min_size(left - CHUNK_MIN, CHUNK_MAX);

		chunk_set(c, bytes | a->flags | PREV_INUSE, CHUNK_IN_USE);
		left -= bytes;
		c = chunk_at(c, bytes);
	}
	chunk_set(c, left | a->flags | PREV_INUSE, CHUNK_FENCE);
	a->top = NULL;		/* what is freed now does not border on it */
	while (first != c) {
		struct chunk *next = chunk_at(first, chunk_bytes(first));

		arena_free(a, first, CHUNK_IN_USE);
		first = next;
	}
}

static void account(struct arena *a, size_t bytes)
{
	a->system_bytes += bytes;
	a->drain_mark = SIZE_MAX;
	a->max_system_bytes = max_size(a->max_system_bytes, a->system_bytes);
}

/* Start a new top in [@base, @end), fresh from the system. */
static bool start_region(struct arena *a, char *base, char *end, bool mapped)
{
	if (!region_add(a, base, end, mapped))
		return false;
	if (a->top)
		retire_top(a);
	a->end = end;
	a->clean = base;
	account(a, end - base);
	top_set(a, (struct chunk *)base);
	malloc_event(MALLOC_EVENT_GROW, base, end - base);
	return true;
}

/* Ask the break for @bytes that end on a page; *@base is where they start. */
static char *sbrk_aligned(char **base, size_t bytes)
{
	char *start = port_sbrk(bytes);
	size_t ragged;

	if (!start)
		return NULL;
	ragged = ((uintptr_t)start + bytes) % PORT_PAGE_BYTES;
	if (ragged) {		/* somebody moved the break by a few bytes */
		if (!port_sbrk(PORT_PAGE_BYTES - ragged))
			return NULL;
		bytes += PORT_PAGE_BYTES - ragged;
	}
	*base = (char *)(((uintptr_t)start + CHUNK_ALIGN - 1) &
			 ~(CHUNK_ALIGN - 1));
	return start + bytes;
}

/*
 * Only memory that continues top adds to it. If somebody else has moved the
 * break, top starts anew above theirs, and may have to grow once more.
 */
static bool grow_by_break(struct arena *a, size_t bytes)
{
	struct region *last = a->top ? region_of(a, a->top) : NULL;
	size_t have = last && !last->mapped ? top_bytes(a) : 0;
	char *base, *end;

	end = sbrk_aligned(&base, growth_bytes(a, bytes, have));
	if (!end)
		return false;
	if (!have || base != a->end)
		return start_region(a, base, end, false);
	last->end = end;
	a->end = end;
	arena_raise(a, end);
	account(a, end - base);
	top_set(a, a->top);
	malloc_event(MALLOC_EVENT_GROW, base, end - base);
	return true;
}

static bool grow_by_region(struct arena *a, size_t bytes)
{
	size_t want = min_size(max_size(a->system_bytes / 2, REGION_MIN_BYTES),
			       REGION_MAX_BYTES);
	char *base;

	want = max_size(want, page_align_up(bytes + CHUNK_MIN));
	base = port_map(NULL, 0, want);
	if (!base)
		return false;
	if (start_region(a, base, base + want, true))
		return true;
	port_unmap(base, want);
	return false;
}

bool top_grow(struct arena *a, size_t bytes)
{
	if (bytes > CHUNK_MAX)
		return false;
	arena_count_swing(a);
	if (a == &main_arena && grow_by_break(a, bytes))
		return true;
	return grow_by_region(a, bytes);
}

struct chunk *top_carve(struct arena *a, size_t bytes)
{
	struct chunk *c;

	if (a->top)
		top_verify(a);
	while (!a->top || top_bytes(a) < bytes + CHUNK_MIN)
		if (!top_grow(a, bytes))
			return NULL;
	c = a->top;
	chunk_set(c, bytes | a->flags | PREV_INUSE, CHUNK_IN_USE);
	top_set(a, chunk_at(c, bytes));
	return c;
}

/*
 * Where the end cannot move down, in a mapped region or below memory that is
 * somebody else's, drop the contents of top's pages instead.
 */
static bool decommit_top(struct arena *a, size_t pad)
{
	uintptr_t start = page_align_up((uintptr_t)a->top + CHUNK_MIN + pad);
	uintptr_t end = page_align_up((uintptr_t)a->clean);

	if (end > (uintptr_t)a->end)
		end = (uintptr_t)a->end;
	if (start >= end || !port_decommit((void *)start, end - start))
		return false;
	a->clean = (char *)start;
	malloc_event(MALLOC_EVENT_TRIM, (void *)start, end - start);
	return true;
}

bool top_trim(struct arena *a, size_t pad)
{
	struct region *r;
	size_t extra;

	/* The last byte is glibc's: a break that would be exact stays. */
	if (!a->top || pad > top_bytes(a) ||
	    top_bytes(a) - pad < CHUNK_MIN + 1 + PORT_PAGE_BYTES)
		return false;
	top_verify(a);
	r = region_of(a, a->top);
	if (r->mapped || port_sbrk(0) != a->end)
		return decommit_top(a, pad);
	extra = page_align_down(top_bytes(a) - CHUNK_MIN - 1 - pad);
	if (!port_sbrk(-(intptr_t)extra))
		return false;
	a->end -= extra;
	r->end = a->end;
	a->system_bytes -= extra;
	if (a->clean > a->end)
		a->clean = a->end;
	a->gave_back = true;
	top_set(a, a->top);
	malloc_event(MALLOC_EVENT_TRIM, a->end, extra);
	return true;
}

/*
 * Default mode trims in steps of at least a sixteenth of the heap, so that
 * freeing n bytes from the top down costs O(log n) system calls, not O(n).
 */
static size_t trim_step(const struct arena *a)
{
	if (malloc_options.mode != MALLOC_MODE_DEFAULT)
		return 0;
	return max_size(64 * KIB, min_size(a->system_bytes / 16,
					   PAD_MAX_BYTES));
}

void top_freed(struct arena *a, size_t freed)
{
	size_t pad = malloc_options.top_pad + arena_slack(a);
	size_t bytes = top_bytes(a);

	if (bytes < malloc_options.trim_threshold)
		return;
	if (malloc_options.mode != MALLOC_MODE_DEFAULT &&
	    freed < TRIM_CONSOLIDATED_BYTES)
		return;
	if (bytes < pad + CHUNK_MIN + 1 + trim_step(a))
		return;
	top_trim(a, pad);
}
