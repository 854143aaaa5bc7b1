/*
 * top.c - growing the heap, and giving it back.
 *
 *	base                      top                 clean       end
 *	 | chunk | chunk | ...     | dirty             | zero      |
 *
 * Usually an arena is one region, which ends with top. If its memory does not
 * continue, because somebody else has moved the break or because it cannot be
 * moved, or if the region would be longer than a chunk can be, 4 GiB, top goes
 * on in a new one and closes the old one with a fence:
 *
 *	base                                          fence
 *	 | chunk | chunk | free                        | header | seal, base | next |
 *
 * Top always keeps CHUNK_MIN bytes, so that its header fits, or a fence. The
 * header is for people, for the walker and as a tripwire: what counts is
 * arena->end.
 */
#include "top.h"

#include "arena.h"
#include "check.h"
#include "options.h"
#include "release.h"
#include "tools/event.h"

/* The smallest and the largest region that is mapped for want of a break. */
#define REGION_MIN_BYTES	MIB
#define REGION_MAX_BYTES	(64 * MIB)

/* glibc's: a smaller top is never trimmed, whatever the threshold. */
#define TRIM_CONSOLIDATED_BYTES	(64 * KIB)

/* Default mode's growing pad, and the step of its trims: a share of the heap. */
#define STEP_SHARE		16
#define STEP_MIN_BYTES		(64 * KIB)
#define STEP_MAX_BYTES		MIB

/* A heap that has been at least so large grows by large pages. */
#define MUCH_BYTES		(16 * MIB)
#define LARGE_PAGE_BYTES	(2 * MIB)

void top_set(struct arena *a, struct chunk *c)
{
	a->top = c;
	chunk_set(c, top_bytes(a) | a->flags | PREV_INUSE, CHUNK_TOP);
	a->clean = (char *)max_size((uintptr_t)a->clean, (uintptr_t)c + CHUNK_HEADER);
}

void top_verify(struct arena *a)
{
	if (!chunk_is(a->top, CHUNK_TOP) || chunk_bytes(a->top) != top_bytes(a))
		malloc_panic("corrupted top", chunk_to_mem(a->top));
}

/* ---- closed regions ---- */

/*
 * Of the words behind a fence's header: the program may have had the memory in which
 * they stand, and may write to it.
 */
static uint64_t fence_seal(struct chunk *fence)
{
	return (uint64_t)(chunk_hash_with(fence, fence->link.fd, ~fence->link.bk) ^
			  malloc_keys.state[CHUNK_FENCE]) << 32;
}

char *top_fence_base(struct chunk *fence, struct chunk **next)
{
	uint32_t offset = fence->link.fd & ~PREV_INUSE;

	if (fence->link.fd != (offset | fence_seal(fence)))
		malloc_panic("corrupted chunk header", chunk_to_mem(fence));
	*next = (struct chunk *)link_unmask(fence->link.bk);
	return (char *)fence - 2UL * offset;
}

/* The end of top becomes a fence; what is in front, if it makes a chunk, free. */
static void close_region(struct arena *a)
{
	size_t spare = top_bytes(a) - CHUNK_MIN;
	struct chunk *c = a->top;
	struct chunk *fence = chunk_at(c, spare < CHUNK_MIN ? 0 : spare);

	chunk_set(fence, (a->end - (char *)fence) | a->flags | PREV_INUSE |
			 (a->mapped ? IS_MMAPPED : 0), CHUNK_FENCE);
	fence->link.fd = ((char *)fence - a->base) / 2;		/* to fit 32 bits */
	fence->link.bk = link_mask((struct link *)a->fences);
	fence->link.fd |= fence_seal(fence);
	a->fences = fence;
	a->top = NULL;
	a->end = NULL;		/* what is freed now does not border on it */
	a->dirty = 0;
	if (c != fence) {
		chunk_set(c, spare | a->flags | PREV_INUSE, CHUNK_IN_USE);
		arena_free(a, c, CHUNK_IN_USE);
	}
}

/* ---- growing ---- */

/*
 * A share of the heap: up or down to 16 MiB costs O(log n) calls, and from there on
 * a call for each MiB, lest more than that is in reserve.
 */
static size_t step(const struct arena *a, size_t least)
{
	return max_size(least, min_size(a->system_bytes / STEP_SHARE, STEP_MAX_BYTES));
}

/*
 * What to ask for beyond @bytes. The first pool is sized for the smallest
 * request, which makes the famous 132 KiB; a request that fits in there is
 * served from it without more.
 */
static size_t pad_bytes(const struct arena *a, size_t bytes)
{
	size_t pad = malloc_options.top_pad;
	bool anew = a->system_bytes + LARGE_PAGE_BYTES <= a->max_system_bytes;

	if (!a->top && bytes <= CHUNK_MIN + pad)
		return CHUNK_MIN + pad - bytes;
	if (malloc_options.top_pad_set || malloc_options.mode != MALLOC_MODE_DEFAULT)
		return pad;
	pad = step(a, pad);
	/*
	 * What ends with a large page the port may take as one: to fill the heap anew takes
	 * half the time. The first time small ones do: they are warm more often, where a
	 * hypervisor takes large ones that are free (185 MB: 0.4 of the system's time).
	 */
	return pad + (!anew || a->max_system_bytes < MUCH_BYTES ? 0 :
		      -((uintptr_t)a->top + bytes + CHUNK_MIN + pad) % LARGE_PAGE_BYTES);
}

/*
 * Fresh memory from the system: more for top, or, if it does not continue top,
 * where that begins anew.
 */
static void add(struct arena *a, char *base, char *end, bool mapped)
{
	if (!a->high) {		/* its first memory; most arenas never have any */
		a->flags = (a - malloc_arenas) << ARENA_SHIFT;
		bins_init(&a->bins);
	}
	if (!a->top || base != a->end || mapped != a->mapped ||
	    (size_t)(end - a->base) > CHUNK_MAX) {
		if (a->top)
			close_region(a);
		a->base = base;
		a->clean = (char *)page_align_up((uintptr_t)base);
		a->mapped = mapped;
		a->top = (struct chunk *)base;
		a->low = !a->low || base < a->low ? base : a->low;
	}
	a->end = end;
	a->high = end > a->high ? end : a->high;
	a->system_bytes += end - base;
	a->max_system_bytes = max_size(a->max_system_bytes, a->system_bytes);
	top_set(a, a->top);
	malloc_event(MALLOC_EVENT_GROW, base, end - base);
}

/*
 * If somebody else has moved the break, top starts anew above theirs, on a
 * multiple of 16, and may have to grow once more; it ends on a page.
 */
static bool grow_by_break(struct arena *a, size_t bytes)
{
	size_t least = bytes + CHUNK_MIN - (a->mapped ? 0 : top_bytes(a));
	size_t want = page_align_up(least + pad_bytes(a, bytes)), ragged;
	char *start = want < CHUNK_MAX ? port_sbrk(want) : NULL;

	if (!start) {		/* less may do */
		want = page_align_up(least);
		start = port_sbrk(want);
	}
	if (start && start < a->brk)		/* what is new there is ours already */
		malloc_panic("break moved back into the heap", start);
	ragged = -((uintptr_t)start + want) % PORT_PAGE_BYTES;
	/* Another thread may have moved it in between: without the last page. */
	if (ragged && port_sbrk(ragged) != start + want)
		ragged -= PORT_PAGE_BYTES;
	if (!start || want + ragged < 2 * CHUNK_MIN)
		return false;
	a->brk = start + want + ragged;
	add(a, start + -(uintptr_t)start % CHUNK_ALIGN, a->brk, false);
	return true;
}

/* A region of half the heap's size, or less if the system has no more. */
static bool grow_by_region(struct arena *a, size_t bytes)
{
	size_t least = max_size(page_align_up(bytes + CHUNK_MIN), REGION_MIN_BYTES);
	size_t want = max_size(min_size(page_align_up(a->system_bytes / 2),
					REGION_MAX_BYTES), least);
	char *base;

	while (!(base = port_map(NULL, 0, want)) && want > least)
		want = max_size(page_align_up(want / 2), least);
	if (base)
		add(a, base, base + want, true);
	return base;
}

bool top_grow(struct arena *a, size_t bytes)
{
	if (a->top)
		top_verify(a);
	return (a == &main_arena && grow_by_break(a, bytes)) || grow_by_region(a, bytes);
}

/* ---- shrinking ---- */

/*
 * Where the end cannot move down, in a mapped region or below memory that is
 * somebody else's, drop the contents of top's pages instead.
 */
static size_t decommit_top(struct arena *a, size_t pad)
{
	uintptr_t start = page_align_up((uintptr_t)a->top + CHUNK_MIN + pad);
	uintptr_t end = min_size(page_align_up((uintptr_t)a->clean), (uintptr_t)a->end);

	if (start >= end || !port_decommit((void *)start, end - start, false))
		return 0;
	a->clean = (char *)start;
	return end - start;
}

static size_t lower_break(struct arena *a, size_t pad)
{
	/* As glibc: a top that would end exactly on a page is not trimmed to it. */
	size_t extra = page_align_down(top_bytes(a) - CHUNK_MIN - 1 - pad);

	if (!port_sbrk(-(intptr_t)extra))
		return 0;
	a->high = a->high == a->end ? a->end - extra : a->high;
	a->brk = a->end -= extra;
	a->system_bytes -= extra;
	a->clean = (char *)min_size((uintptr_t)a->clean, (uintptr_t)a->end);
	top_set(a, a->top);
	return extra;
}

size_t top_trim(struct arena *a, size_t pad)
{
	size_t given, dirty = a->dirty;

	if (pad > top_bytes(a) || top_bytes(a) - pad < CHUNK_MIN + 1 + PORT_PAGE_BYTES)
		return 0;
	top_verify(a);
	given = a->mapped || port_sbrk(0) != a->end ? decommit_top(a, pad) : lower_break(a, pad);
	if (given)
		malloc_event(MALLOC_EVENT_TRIM, a->end, given);
	/* From a->clean on all has gone back. */
	a->dirty = min_size(a->dirty, a->clean - (char *)a->top);
	return given ? max_size(min_size(given, dirty), 1) : 0;
}

void top_freed(struct arena *a)
{
	size_t pad = malloc_options.top_pad, dirty = a->dirty, given = 0;
	size_t due = malloc_options.mode != MALLOC_MODE_DEFAULT ? TRIM_CONSOLIDATED_BYTES :
		     pad + CHUNK_MIN + 1 + step(a, STEP_MIN_BYTES);

	due = max_size(due, option_load(&malloc_options.trim_threshold));
	if ((a->mapped ? dirty : top_bytes(a)) >= due &&
	    release_is_paid(&a->release.paid_at, dirty, 1, a->max_system_bytes))
		given = top_trim(a, pad);
	/* A step is charged twice, since what is freed there is soon allocated there again. */
	a->release.paid_at += given + min_size(given, STEP_MAX_BYTES);
}
