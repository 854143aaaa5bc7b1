/*
 * walk.c - looking at the whole heap, and checking everything it promises.
 *
 * The equations are those in chunk.h, bin.h and arena.h; each appears below
 * as the message that is returned when it does not hold.
 */
#include "../../include/malloc.h"

#include "../arena.h"
#include "careful.h"
#include "../check.h"
#include "../map.h"
#include "../options.h"
#include "../release.h"
#include "../top.h"

/* ---- reporting ---- */

static struct heap_chunk describe(struct arena *a, struct chunk *c)
{
	static const enum heap_chunk_kind kinds[] = {
		[CHUNK_IN_USE] = HEAP_CHUNK_USED,
		[CHUNK_QUICK] = HEAP_CHUNK_CACHED,
		[CHUNK_CACHED] = HEAP_CHUNK_CACHED,
		[CHUNK_BINNED] = HEAP_CHUNK_FREE,
		[CHUNK_TOP] = HEAP_CHUNK_TOP,
		[CHUNK_FENCE] = HEAP_CHUNK_FENCE,
	};
	enum chunk_state state = chunk_state(c);

	if (state >= CHUNK_MERGED)
		malloc_panic("corrupted chunk header", chunk_to_mem(c));
	return (struct heap_chunk){
		.address = c,
		.bytes = chunk_bytes(c),
		.kind = kinds[state],
		.arena = a - malloc_arenas,
		.bin = state == CHUNK_BINNED ? (int)bin_index(chunk_bytes(c)) : -1,
	};
}

int __heap_walk(int (*each)(const struct heap_chunk *, void *), void *arg)
{
	int stop = 0;

	for (int i = 0; !stop && !malloc_is_broken && i < NR_ARENAS; i++) {
		struct arena *a = &malloc_arenas[i];
		struct chunk *c = NULL;

		port_lock(&a->lock);
		while (!stop && (c = arena_next(a, c))) {
			struct heap_chunk seen = describe(a, c);

			stop = each(&seen, arg);
		}
		port_unlock(&a->lock);
	}
	return stop;
}

/* ---- checking ---- */

/*
 * One chunk against its header and its neighbours; NULL: sound. In front of it
 * are @prev_free binned bytes.
 */
static const char *check_chunk(struct arena *a, struct chunk *c,
			       size_t prev_free)
{
	enum chunk_state state = chunk_state(c);
	size_t bytes = chunk_bytes(c);
	struct link *fd, *bk;

	if ((uintptr_t)c % CHUNK_ALIGN)
		return "chunk is misaligned";
	if (state >= CHUNK_MERGED)
		return "tag matches no state";
	if ((state == CHUNK_TOP) != (c == a->top))
		return "top is somewhere else";
	if (!(load_u32(&c->size) & PREV_INUSE) != (prev_free != 0))
		return "P bit differs from the chunk in front";
	if (bytes < CHUNK_MIN)
		return "chunk is too small";
	if (chunk_arena(c) != a)
		return "chunk names another arena";
	if (state == CHUNK_TOP && prev_free)
		return "free chunk borders on top";
	if (state != CHUNK_BINNED)
		return NULL;
	if (prev_free)
		return "two free chunks side by side";
	if (chunk_at(c, bytes)->prev_size != bytes)
		return "prev_size differs from size";
	fd = link_unmask(c->link.fd);
	bk = link_unmask(c->link.bk);
	if (!bin_link_plausible(a, fd) || !bin_link_plausible(a, bk) ||
	    fd->bk != link_mask(&c->link) || bk->fd != link_mask(&c->link))
		return "free list is broken";
	return NULL;
}

/* Every list: only binned chunks, of the right size, as many as there are. */
static const char *check_bins(struct arena *a, void **where)
{
	size_t missing = a->binned_bytes;

	if (a->top && a->bins.bitmap[NR_BINS / 64] >> (NR_BINS % 64) != 1)
		return "bitmap has no end";
	for (unsigned int i = 0; a->top && i < NR_BINS; i++) {
		struct link *head = &a->bins.heads[i];
		struct link *l = link_unmask(head->fd);
		bool marked = a->bins.bitmap[i / 64] >> (i % 64) & 1;

		*where = head;
		if (marked != (l != head))
			return "bitmap differs from bin";
		for (; l != head; l = link_unmask(l->fd)) {
			struct chunk *c = *where = mem_to_chunk(l);

			if (!chunk_is(c, CHUNK_BINNED) ||
			    bin_index(chunk_bytes(c)) != i)
				return "chunk is in the wrong bin";
			if (chunk_bytes(c) > missing)
				return "bins hold more than the heap";
			missing -= chunk_bytes(c);
		}
	}
	return missing ? "free chunk is in no bin" : NULL;
}

/* Each chunk that waits is one of a stack: @bytes of them do. */
static bool stacks_hold(const struct arena *a, size_t bytes)
{
	size_t held = 0;

	for (size_t i = 0; i < NR_QUICK; i++)
		held += a->quick[i].nr * i * CHUNK_ALIGN;
	return held == bytes && a->quick_bytes == bytes;
}

static const char *check_arena(struct arena *a, void **where)
{
	size_t bytes[NR_CHUNK_STATES] = { 0 }, all = 0, idle = 0, prev_free = 0;
	struct chunk *c = NULL;

	while ((c = arena_next(a, c))) {
		const char *wrong = check_chunk(a, c, prev_free);
		bool is_free = chunk_is(c, CHUNK_BINNED);

		*where = c;
		if (wrong)
			return wrong;
		all += chunk_bytes(c);
		bytes[chunk_state(c)] += chunk_bytes(c);
		idle += is_free ? release_idle_bytes(c) : 0;
		prev_free = is_free ? chunk_bytes(c) : 0;
	}
	if (all != a->system_bytes)
		return "chunks do not add up to the system's bytes";
	if (!stacks_hold(a, bytes[CHUNK_QUICK]) ||
	    bytes[CHUNK_BINNED] != a->binned_bytes || idle != a->idle_bytes ||
	    (a->top && a->dirty > (size_t)(a->clean - (char *)a->top)))
		return "free bytes are miscounted";
	return check_bins(a, where);
}

const char *__heap_check(void **where)
{
	const char *wrong = malloc_is_broken ? "an error was found before" : NULL;
	void *ignored;

	malloc_ensure_started();
	for (int i = 0; !wrong && i < NR_ARENAS; i++) {
		port_lock(&malloc_arenas[i].lock);
		wrong = check_arena(&malloc_arenas[i],
				    where ? where : &ignored);
		port_unlock(&malloc_arenas[i].lock);
	}
	return wrong;
}

/* ---- starting anew ---- */

static int is_used(const struct heap_chunk *chunk, void *arg)
{
	(void)arg;
	return chunk->kind == HEAP_CHUNK_USED || chunk->kind == HEAP_CHUNK_CACHED;
}

static void give_back(char *base, char *end, bool mapped)
{
	if (mapped)
		port_unmap(base, end - base);
	else if (port_sbrk(0) == end)
		port_sbrk(base - end);
}

static void forget(struct arena *a)
{
	struct chunk *next;
	char *base;

	if (a->top)
		give_back(a->base, a->end, a->mapped);
	for (struct chunk *f = a->fences; f; f = next) {
		base = top_fence_base(f, &next);
		give_back(base, (char *)f + chunk_bytes(f), chunk_is_mapped(f));
	}
	*a = (struct arena){ 0 };
}

int __heap_reset(void)
{
	malloc_ensure_started();
	careful_flush();
	malloc_trim(0);
	if (malloc_is_broken || option_load(&malloc_map_stats.nr) || __heap_walk(is_used, NULL))
		return -1;
	for (int i = 0; i < NR_ARENAS; i++)
		forget(&malloc_arenas[i]);
	return 0;
}
