/*
 * walk.c - looking at the whole heap, and checking everything it promises.
 *
 * The equations are those in chunk.h, bin.h and arena.h; each appears below
 * as the message that is returned when it does not hold.
 */
#include "../include/malloc.h"

#include "arena.h"
#include "check.h"
#include "heap.h"
#include "options.h"
#include "recycle.h"
#include "tcache.h"
#include "top.h"

/* What one pass over an arena's regions has counted. */
struct tally {
	size_t bytes;
	size_t nr_free;
	size_t free_bytes;
	size_t quick_bytes;
	bool saw_top;
};

static enum heap_chunk_kind kind_of(struct arena *a, struct chunk *c)
{
	if (c == a->top)
		return HEAP_CHUNK_TOP;
	switch (chunk_state(c)) {
	case CHUNK_CACHED:
	case CHUNK_QUICK:
		return HEAP_CHUNK_CACHED;
	case CHUNK_BINNED:
		return HEAP_CHUNK_FREE;
	case CHUNK_FENCE:
		return HEAP_CHUNK_FENCE;
	default:
		return HEAP_CHUNK_USED;
	}
}

static size_t walk_bytes(struct arena *a, struct chunk *c)
{
	return c == a->top ? (size_t)(a->end - (char *)c) : chunk_bytes(c);
}

static int walk_region(struct arena *a, struct region *r,
		       int (*each)(const struct heap_chunk *, void *),
		       void *arg)
{
	struct chunk *c = (struct chunk *)r->base;

	while ((char *)c < r->end) {
		struct heap_chunk seen = {
			.address = c,
			.bytes = walk_bytes(a, c),
			.kind = kind_of(a, c),
			.arena = a - malloc_arenas,
			.bin = -1,
		};
		int stop;

		if (seen.kind == HEAP_CHUNK_FREE)
			seen.bin = bin_index(seen.bytes);
		stop = each(&seen, arg);
		if (stop)
			return stop;
		if (!seen.bytes)
			malloc_panic("corrupted chunk header",
				     chunk_to_mem(c));
		c = chunk_at(c, seen.bytes);
	}
	return 0;
}

int __heap_walk(int (*each)(const struct heap_chunk *, void *), void *arg)
{
	int stop = 0;

	for (int i = 0; !stop && i < NR_ARENAS; i++) {
		struct arena *a = &malloc_arenas[i];

		arena_lock_this(a);
		for (unsigned int r = 0; !stop && r < a->nr_regions; r++)
			stop = walk_region(a, &a->regions[r], each, arg);
		arena_unlock(a);
	}
	return stop;
}

/* One chunk against its own header and its neighbour's; NULL: sound. */
static const char *check_chunk(struct arena *a, struct chunk *c,
			       bool prev_free, char *end)
{
	bool p = load_u32(&c->size) & PREV_INUSE;
	enum chunk_state state = chunk_state(c);

	if ((uintptr_t)c % CHUNK_ALIGN)
		return "chunk is misaligned";
	if (state == CHUNK_CORRUPT || state == CHUNK_MERGED)
		return "tag matches no state";
	if ((state == CHUNK_TOP) != (c == a->top))
		return "top is somewhere else";
	if (p == prev_free)
		return "P bit differs from the chunk in front";
	if (walk_bytes(a, c) < CHUNK_MIN ||
	    walk_bytes(a, c) > (size_t)(end - (char *)c))
		return "chunk does not fit its region";
	if (state == CHUNK_TOP && prev_free)
		return "free chunk borders on top";
	if (state != CHUNK_TOP &&
	    (load_u32(&c->size) & ARENA_MASK) != a->flags)
		return "chunk names another arena";
	return NULL;
}

/* A free chunk against its bin and its copy of the size. */
static const char *check_free(struct arena *a, struct chunk *c, size_t prev)
{
	unsigned int i = bin_index(chunk_bytes(c));
	struct chunk *next = chunk_at(c, chunk_bytes(c));
	uintptr_t self = link_mask(&c->link);

	if (next->prev_size != chunk_bytes(c))
		return "prev_size differs from size";
	if (prev && prev + chunk_bytes(c) <= CHUNK_MAX)
		return "two free chunks side by side";
	if (link_unmask(c->link.fd)->bk != self ||
	    link_unmask(c->link.bk)->fd != self)
		return "free list is broken";
	if (!(a->bins.bitmap[i / 64] >> (i % 64) & 1))
		return "bitmap says that a used bin is empty";
	return NULL;
}

static const char *check_region(struct arena *a, struct region *r,
				struct tally *tally, void **where)
{
	struct chunk *c = (struct chunk *)r->base;
	const char *wrong;
	size_t prev = 0;

	for (; (char *)c < r->end; c = chunk_at(c, walk_bytes(a, c))) {
		*where = c;
		wrong = check_chunk(a, c, prev != 0, r->end);
		if (wrong)
			return wrong;
		tally->bytes += walk_bytes(a, c);
		tally->saw_top |= c == a->top;
		if (chunk_is(c, CHUNK_QUICK))
			tally->quick_bytes += chunk_bytes(c);
		if (!chunk_is(c, CHUNK_BINNED)) {
			prev = 0;
			continue;
		}
		wrong = check_free(a, c, prev);
		if (wrong)
			return wrong;
		tally->nr_free++;
		tally->free_bytes += chunk_bytes(c);
		prev = chunk_bytes(c);
	}
	*where = r->base;
	return (char *)c == r->end ? NULL : "chunks overrun their region";
}

/* Every list: only binned chunks, of the right size, as many as were seen. */
static const char *check_bins(struct arena *a, size_t nr_free, void **where)
{
	for (unsigned int i = 0; i < NR_BINS; i++) {
		struct link *head = &a->bins.heads[i];
		struct link *l = link_unmask(head->fd);
		bool marked = a->bins.bitmap[i / 64] >> (i % 64) & 1;

		*where = head;
		if (marked != (l != head))
			return "bitmap differs from bin";
		for (; l != head; l = link_unmask(l->fd)) {
			*where = link_to_chunk(l);
			if (!nr_free--)
				return "bins hold more than the heap";
			if (!chunk_is(*where, CHUNK_BINNED) ||
			    bin_index(chunk_bytes(*where)) != i)
				return "chunk is in the wrong bin";
		}
	}
	return nr_free ? "free chunk is in no bin" : NULL;
}

static const char *check_arena(struct arena *a, void **where)
{
	struct tally tally = { 0 };
	size_t regions = 0;
	const char *wrong;

	for (unsigned int i = 0; i < a->nr_regions; i++) {
		wrong = check_region(a, &a->regions[i], &tally, where);
		if (wrong)
			return wrong;
		regions += a->regions[i].end - a->regions[i].base;
	}
	*where = a->top;
	if (tally.saw_top != (a->top != NULL))
		return "top is in no region";
	if (tally.bytes != regions || regions != a->system_bytes)
		return "chunks do not add up to the system's bytes";
	if (tally.quick_bytes != a->quick_bytes ||
	    tally.free_bytes != a->binned_bytes)
		return "free bytes are miscounted";
	return check_bins(a, tally.nr_free, where);
}

const char *__heap_check(void **where)
{
	const char *wrong = NULL;
	void *ignored;

	malloc_ensure_started();
	for (int i = 0; !wrong && i < NR_ARENAS; i++) {
		arena_lock_this(&malloc_arenas[i]);
		wrong = check_arena(&malloc_arenas[i],
				    where ? where : &ignored);
		arena_unlock(&malloc_arenas[i]);
	}
	return wrong;
}

/* Is everything in every region free? Then only free chunks and fences. */
static int count_used(const struct heap_chunk *chunk, void *arg)
{
	(void)arg;
	return chunk->kind == HEAP_CHUNK_USED ||
	       chunk->kind == HEAP_CHUNK_CACHED;
}

static void forget_region(struct region *r)
{
	if (r->mapped)
		port_unmap(r->base, r->end - r->base);
	else if (port_sbrk(0) == r->end)
		port_sbrk(r->base - r->end);
}

int __heap_reset(void)
{
	malloc_ensure_started();
	tcache_flush();
	recycle_flush();
	if (__heap_walk(count_used, NULL))
		return -1;
	for (int i = 0; i < NR_ARENAS; i++) {
		struct arena *a = &malloc_arenas[i];

		for (unsigned int r = a->nr_regions; r-- > 0; )
			forget_region(&a->regions[r]);
		arena_forget(a);
	}
	return 0;
}
