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

/* A sweep visits the whole heap only if at least such a share of it waits. */
#define SWEEP_SHARE	4

/*
 * Kept in bk, which a stack has no use for: a keyed hash of place and link, which is
 * not a tag; and of the number of sweeps, so that none from before the last will do.
 */
static uintptr_t seal(const struct arena *a, const struct chunk *c)
{
	return chunk_hash_with(c, 2 * a->nr_sweeps, ~c->link.fd) ^ malloc_keys.state[CHUNK_QUICK];
}

void quick_free(struct arena *a, struct chunk *c)
{
	size_t bytes = chunk_bytes(c);
	struct quick *q;

	if (!chunk_is(c, CHUNK_CACHED))
		malloc_panic("corrupted cached chunk", chunk_to_mem(c));
	a->release.freed += bytes;
	if (bytes > EXACT_MAX) {
		arena_free(a, c, CHUNK_CACHED);
		return;
	}
	q = &a->quick[bytes / CHUNK_ALIGN];
	c->link.fd = q->newest;
	c->link.bk = seal(a, c);
	q->newest = link_mask(&c->link);
	q->nr++;
	chunk_change(c, CHUNK_CACHED, CHUNK_QUICK);
	a->quick_bytes += bytes;
}

unsigned int quick_pop(struct arena *a, size_t bytes, unsigned int want, void **out)
{
	struct quick *q = &a->quick[bytes / CHUNK_ALIGN];
	unsigned int nr = min_size(want, q->nr);

	for (unsigned int i = nr; i-- > 0; ) {
		struct link *l = link_unmask(q->newest);
		struct chunk *c = mem_to_chunk(l);

		if ((uintptr_t)l % CHUNK_ALIGN || !arena_spans(a, l) || c->link.bk != seal(a, c) ||
		    !chunk_is(c, CHUNK_QUICK) || chunk_bytes(c) != bytes)
			malloc_panic("corrupted free list", l);
		q->newest = c->link.fd;
		chunk_change(c, CHUNK_QUICK, CHUNK_CACHED);
		out[i] = chunk_to_mem(c);
	}
	q->nr -= nr;
	a->quick_bytes -= nr * bytes;
	return nr;
}

/*
 * Free one run of waiting chunks as one; the chunk that they are now. Inner
 * headers keep saying "quick": only links lead to such a chunk, the stacks are
 * empty now, and seals have changed. Writing to them all would dirty the whole heap.
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
	bool many = a->quick_bytes > a->system_bytes / SWEEP_SHARE;
	struct chunk *c = NULL;
	void *mem = NULL;

	for (size_t n = CHUNK_MIN; !many && a->quick_bytes && n <= EXACT_MAX; n += CHUNK_ALIGN)
		while (quick_pop(a, n, 1, &mem))
			arena_free(a, mem_to_chunk(mem), CHUNK_CACHED);
	if (many)
		__builtin_memset(a->quick, 0, sizeof(a->quick));
	while (many && (c = arena_next(a, c))) {
		enum chunk_state state = chunk_state(c);

		if (state >= CHUNK_MERGED)
			malloc_panic("corrupted chunk header", chunk_to_mem(c));
		if (state == CHUNK_QUICK)
			c = sweep_run(a, c);
	}
	a->nr_sweeps++;
}
