/*
 * quick.c - waiting chunks: the stacks, and the sweep that merges them.
 *
 * The links lie in freed memory, where the program may still scribble. Pop
 * believes one only if it leads to a header that proves itself, and passes on
 * what lies there only if its seal is whole: the heap is full of headers that
 * still say "quick" from before a sweep. A sweep in address order follows no
 * links at all, and merges whole runs, but visits what is in use as well; so few
 * chunks in a large heap are popped and freed one by one.
 */
#include "quick.h"

#include "arena.h"
#include "check.h"
#include "release.h"

/* A sweep visits the whole heap only if at least such a share of it waits. */
#define SWEEP_SHARE	4

/* Kept in bk, which a stack has no use for: a keyed hash of place and link. */
static uintptr_t seal(const struct chunk *c)
{
	return chunk_hash(c, c->link.fd >> 3);	/* the lowest bit does not count */
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

/*
 * Free one run of waiting chunks as one; the chunk that they are now. Inner
 * headers keep saying "quick": only links lead to such a chunk, and the stacks
 * are empty now. Writing to them all would dirty the whole heap.
 */
static struct chunk *sweep_run(struct arena *a, struct chunk *c)
{
	size_t run = 0;

	do
		run += chunk_bytes(chunk_at(c, run));
	while (run < CHUNK_MAX / 2 && chunk_is(chunk_at(c, run), CHUNK_QUICK));
	chunk_set(c, run | (load_u32(&c->size) & SIZE_FLAGS), CHUNK_QUICK);
	a->quick_bytes -= run;
	return arena_free(a, c, CHUNK_QUICK);
}

void quick_sweep(struct arena *a)
{
	bool few = a->quick_bytes < a->system_bytes / SWEEP_SHARE;
	struct chunk *c = NULL;

	for (size_t n = CHUNK_MIN; few && a->quick_bytes && n <= QUICK_MAX_CHUNK; n += CHUNK_ALIGN)
		while ((c = quick_pop(a, n)))
			arena_free(a, c, CHUNK_QUICK);
	if (few)
		return;
	__builtin_memset(a->quick, 0, sizeof(a->quick));
	while ((c = arena_next(a, c))) {
		enum chunk_state state = chunk_state(c);

		if (state >= CHUNK_MERGED)
			malloc_panic("corrupted chunk header", chunk_to_mem(c));
		if (state == CHUNK_QUICK)
			c = sweep_run(a, c);
	}
}
