/*
 * quick.c - waiting chunks: the stacks, and the sweep that merges them.
 *
 * The links lie in freed memory, where the program may still scribble. Pop
 * believes one only if it leads to a header that proves itself, and passes on
 * what lies there only if its seal is whole: the heap is full of headers that
 * still say "quick" from before a sweep. The sweep follows no links at all.
 */
#include "quick.h"

#include "arena.h"
#include "check.h"
#include "release.h"
#include "top.h"

/* Kept in bk, which a stack has no use for: a keyed hash of place and link. */
static uintptr_t seal(const struct chunk *c)
{
	uint64_t place = (uintptr_t)c ^ malloc_keys.address;

	return (place * (c->link.fd ^ malloc_keys.size)) >> 32;
}

void quick_push(struct arena *a, struct chunk *c)
{
	uintptr_t *head = &a->quick[chunk_bytes(c) / CHUNK_ALIGN];

	c->link.fd = *head;
	c->link.bk = seal(c);
	*head = link_mask(&c->link);
	chunk_change(c, CHUNK_CACHED, CHUNK_QUICK);
	a->quick_bytes += chunk_bytes(c);
	release_count(a, chunk_bytes(c));
}

struct chunk *quick_pop(struct arena *a, size_t bytes)
{
	uintptr_t *head = &a->quick[bytes / CHUNK_ALIGN];
	struct link *l = link_unmask(*head);
	struct chunk *c = link_to_chunk(l);

	if (!*head)
		return NULL;
	if ((uintptr_t)l % CHUNK_ALIGN || !arena_spans(a, l) ||
	    !chunk_is(c, CHUNK_QUICK) || chunk_bytes(c) != bytes ||
	    c->link.bk != seal(c))
		malloc_panic("corrupted free list", l);
	*head = c->link.fd;
	a->quick_bytes -= bytes;
	return c;
}

bool quick_is_full(struct arena *a)
{
	return a->quick_bytes >= QUICK_MIN_BYTES &&
	       a->quick_bytes >= QUICK_SHARE * arena_bytes_in_use(a);
}

bool quick_may_help(struct arena *a)
{
	return a->quick_bytes >= QUICK_MIN_BYTES / 4;
}

/*
 * Free one run of waiting chunks as one. Inner headers keep saying "quick":
 * only links lead to such a chunk, and the stacks are empty now. Writing to
 * them all would dirty the whole heap.
 *
 * Where to go on: behind the run, and behind the free chunk after it, which
 * has become a part of it. NULL: the region ends there, and may be gone.
 */
static struct chunk *sweep_run(struct arena *a, struct chunk *c)
{
	struct chunk *next = c;
	enum chunk_state state;
	size_t run = 0;

	do {
		run += chunk_bytes(next);
		next = chunk_at(c, run);
		state = chunk_state(next);
	} while (state == CHUNK_QUICK && run < CHUNK_MAX / 2);
	if (state == CHUNK_BINNED) {
		next = chunk_at(next, chunk_bytes(next));
		state = chunk_state(next);
	}
	chunk_set(c, run | (load_u32(&c->size) & SIZE_FLAGS), CHUNK_QUICK);
	a->quick_bytes -= run;
	arena_free(a, c, CHUNK_QUICK);
	return state == CHUNK_FENCE || state == CHUNK_TOP ? NULL : next;
}

static void sweep_region(struct arena *a, char *base)
{
	struct chunk *c = (struct chunk *)base;

	while (c) {
		switch (chunk_state(c)) {
		case CHUNK_QUICK:
			c = sweep_run(a, c);
			break;
		case CHUNK_TOP:
		case CHUNK_FENCE:
			return;
		case CHUNK_MERGED:
		case CHUNK_CORRUPT:
			malloc_panic("corrupted chunk header",
				     chunk_to_mem(c));
		default:
			c = chunk_at(c, chunk_bytes(c));
		}
	}
}

void quick_sweep(struct arena *a)
{
	struct chunk *next;

	if (!a->quick_bytes)
		return;
	__builtin_memset(a->quick, 0, sizeof(a->quick));
	if (a->top)
		sweep_region(a, a->base);
	for (struct chunk *fence = a->fences; fence; fence = next) {
		next = fence_next(fence);	/* the region may go */
		sweep_region(a, fence_base(fence));
	}
}
