/*
 * quick.c - waiting chunks: the stacks, and the sweep that merges them.
 *
 * The links lie in freed memory, where the program may still scribble. Pop
 * believes one only if it leads to a header that proves itself; the sweep
 * does not follow links at all.
 */
#include "quick.h"

#include "arena.h"
#include "check.h"

void quick_push(struct arena *a, struct chunk *c)
{
	uintptr_t *head = &a->quick[chunk_bytes(c) / CHUNK_ALIGN];

	c->link.fd = *head;
	*head = link_mask(&c->link);
	chunk_change(c, CHUNK_CACHED, CHUNK_QUICK);
	a->quick_bytes += chunk_bytes(c);
}

struct chunk *quick_pop(struct arena *a, size_t bytes)
{
	uintptr_t *head = &a->quick[bytes / CHUNK_ALIGN];
	struct link *l = link_unmask(*head);
	struct chunk *c = link_to_chunk(l);

	if (!*head)
		return NULL;
	if ((uintptr_t)l % CHUNK_ALIGN || !arena_spans(a, l) ||
	    !chunk_is(c, CHUNK_QUICK) || chunk_bytes(c) != bytes)
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
	return a->quick_bytes >= QUICK_MIN_BYTES / 4 &&
	       a->quick_bytes >= a->system_bytes / 32;
}

/*
 * Join the waiting chunks from @c on; the first that is none, and its state.
 * Inner headers keep saying "quick": only links lead to such a chunk, and the
 * stacks are empty now. Writing to them all would dirty the whole heap.
 */
static struct chunk *join_run(struct chunk *c, size_t *bytes,
			      enum chunk_state *state)
{
	struct chunk *next = c;

	*bytes = 0;
	do {
		*bytes += chunk_bytes(next);
		next = chunk_at(c, *bytes);
		*state = chunk_state(next);
	} while (*state == CHUNK_QUICK && *bytes < CHUNK_MAX / 2);
	return next;
}

/*
 * Free one run of waiting chunks. Where to go on; NULL: the region ends here,
 * and if all of it was free it is not even mapped any more.
 */
static struct chunk *sweep_run(struct arena *a, struct chunk *c)
{
	enum chunk_state state;
	size_t bytes;
	struct chunk *next = join_run(c, &bytes, &state);

	/* A free chunk behind the run will be merged, and its header with it. */
	if (state == CHUNK_BINNED) {
		next = chunk_at(next, chunk_bytes(next));
		state = chunk_state(next);
	}
	chunk_set(c, bytes | (load_u32(&c->size) & SIZE_FLAGS), CHUNK_QUICK);
	arena_free(a, c, CHUNK_QUICK);
	return state == CHUNK_FENCE ? NULL : next;
}

/* Top may swallow the last run, and then begins below where we go on. */
static void sweep_region(struct arena *a, char *base, char *end)
{
	struct chunk *c = (struct chunk *)base;
	bool has_top = (char *)a->top >= base && (char *)a->top < end;

	while (c && (char *)c < end && !(has_top && c >= a->top)) {
		switch (chunk_state(c)) {
		case CHUNK_QUICK:
			c = sweep_run(a, c);
			break;
		case CHUNK_TOP:
		case CHUNK_MERGED:
		case CHUNK_CORRUPT:
			malloc_panic("corrupted chunk header",
				     chunk_to_mem(c));
		default:
			c = chunk_at(c, chunk_bytes(c));
		}
	}
}

/* From the last region down: a region that becomes empty leaves the table. */
void quick_sweep(struct arena *a)
{
	__builtin_memset(a->quick, 0, sizeof(a->quick));
	a->quick_bytes = 0;
	for (unsigned int i = a->nr_regions; i-- > 0; )
		sweep_region(a, a->regions[i].base, a->regions[i].end);
}
