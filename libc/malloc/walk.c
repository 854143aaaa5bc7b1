/*
 * walk.c - looking at the whole heap, and checking everything it promises.
 *
 * The equations are those in chunk.h, bin.h and arena.h; each appears below
 * as the message that is returned when it does not hold.
 */
#include "../include/malloc.h"

#include "arena.h"
#include "careful.h"
#include "check.h"
#include "heap.h"
#include "keep.h"
#include "options.h"
#include "release.h"
#include "tcache.h"
#include "top.h"

/* One step of a walk. */
struct step {
	struct arena *a;
	struct chunk *c;
	size_t bytes;
	enum chunk_state state;
	size_t prev_free;	/* bytes of the chunk in front if it is binned */
};

/* What a walk over an arena adds up. */
struct tally {
	size_t bytes, quick_bytes, binned_bytes, idle_bytes;
	size_t nr_binned;
};

typedef const char *(*step_fn)(const struct step *step, void *arg);

/* Call @each for the chunks from @base to a fence or top, until it objects. */
static const char *walk_region(struct arena *a, char *base, void **where,
			       step_fn each, void *arg)
{
	struct step s = { .a = a, .c = (struct chunk *)base };
	const char *wrong;

	do {
		*where = s.c;
		s.state = chunk_state(s.c);
		s.bytes = s.c == a->top ? top_bytes(a) : chunk_bytes(s.c);
		wrong = each(&s, arg);
		if (!wrong && s.state >= CHUNK_MERGED)
			wrong = "tag matches no state";
		s.prev_free = s.state == CHUNK_BINNED ? s.bytes : 0;
		s.c = chunk_at(s.c, s.bytes);
	} while (!wrong && s.state != CHUNK_TOP && s.state != CHUNK_FENCE);
	return wrong;
}

static const char *walk_arena(struct arena *a, void **where, step_fn each,
			      void *arg)
{
	const char *wrong = NULL;

	for (struct chunk *f = a->fences; f && !wrong; f = fence_next(f))
		wrong = walk_region(a, fence_base(f), where, each, arg);
	if (a->top && !wrong)
		wrong = walk_region(a, a->base, where, each, arg);
	return wrong;
}

/* ---- reporting ---- */

struct report {
	int (*each)(const struct heap_chunk *, void *);
	void *arg;
	int stop;
};

static const char *report_step(const struct step *s, void *arg)
{
	static const enum heap_chunk_kind kinds[] = {
		[CHUNK_IN_USE] = HEAP_CHUNK_USED,
		[CHUNK_QUICK] = HEAP_CHUNK_CACHED,
		[CHUNK_CACHED] = HEAP_CHUNK_CACHED,
		[CHUNK_BINNED] = HEAP_CHUNK_FREE,
		[CHUNK_TOP] = HEAP_CHUNK_TOP,
		[CHUNK_FENCE] = HEAP_CHUNK_FENCE,
	};
	struct report *report = arg;
	struct heap_chunk seen = {
		.address = s->c,
		.bytes = s->bytes,
		.arena = s->a - malloc_arenas,
		.bin = s->state == CHUNK_BINNED ? (int)bin_index(s->bytes) : -1,
	};

	if (s->state >= CHUNK_MERGED)
		malloc_panic("corrupted chunk header", chunk_to_mem(s->c));
	seen.kind = kinds[s->state];
	report->stop = report->each(&seen, report->arg);
	return report->stop ? "stop" : NULL;
}

int __heap_walk(int (*each)(const struct heap_chunk *, void *), void *arg)
{
	struct report report = { each, arg, 0 };
	void *where;

	for (int i = 0; !report.stop && i < NR_ARENAS; i++) {
		arena_lock_this(&malloc_arenas[i]);
		walk_arena(&malloc_arenas[i], &where, report_step, &report);
		arena_unlock(&malloc_arenas[i]);
	}
	return report.stop;
}

/* ---- checking ---- */

/* A binned chunk against its bin and its copy of the size. */
static const char *check_binned(const struct step *s)
{
	unsigned int i = bin_index(s->bytes);
	uintptr_t self = link_mask(&s->c->link);

	if (chunk_at(s->c, s->bytes)->prev_size != s->bytes)
		return "prev_size differs from size";
	if (s->prev_free && s->prev_free + s->bytes <= CHUNK_MAX)
		return "two free chunks side by side";
	if (link_unmask(s->c->link.fd)->bk != self ||
	    link_unmask(s->c->link.bk)->fd != self)
		return "free list is broken";
	if (!(s->a->bins.bitmap[i / 64] >> (i % 64) & 1))
		return "bitmap says that a used bin is empty";
	return NULL;
}

/* One chunk against its own header and its neighbour's; NULL: sound. */
static const char *check_step(const struct step *s, void *arg)
{
	struct tally *tally = arg;

	if ((uintptr_t)s->c % CHUNK_ALIGN)
		return "chunk is misaligned";
	if (s->state >= CHUNK_MERGED)
		return "tag matches no state";
	if ((s->state == CHUNK_TOP) != (s->c == s->a->top))
		return "top is somewhere else";
	if (!(load_u32(&s->c->size) & PREV_INUSE) != (s->prev_free != 0))
		return "P bit differs from the chunk in front";
	if (s->bytes < CHUNK_MIN)
		return "chunk is too small";
	if (s->state == CHUNK_TOP && s->prev_free)
		return "free chunk borders on top";
	if (chunk_arena(s->c) != s->a)
		return "chunk names another arena";
	tally->bytes += s->bytes;
	if (s->state == CHUNK_QUICK)
		tally->quick_bytes += s->bytes;
	if (s->state != CHUNK_BINNED)
		return NULL;
	tally->nr_binned++;
	tally->binned_bytes += s->bytes;
	tally->idle_bytes += release_idle_bytes(s->c);
	return check_binned(s);
}

/* Every list: only binned chunks, of the right size, as many as were seen. */
static const char *check_bins(struct arena *a, size_t nr_binned, void **where)
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
			if (!nr_binned--)
				return "bins hold more than the heap";
			if (!chunk_is(*where, CHUNK_BINNED) ||
			    bin_index(chunk_bytes(*where)) != i)
				return "chunk is in the wrong bin";
		}
	}
	return nr_binned ? "free chunk is in no bin" : NULL;
}

static const char *check_arena(struct arena *a, void **where)
{
	struct tally tally = { 0 };
	const char *wrong = walk_arena(a, where, check_step, &tally);

	if (wrong)
		return wrong;
	if (tally.bytes != a->system_bytes)
		return "chunks do not add up to the system's bytes";
	if (tally.quick_bytes != a->quick_bytes ||
	    tally.binned_bytes != a->binned_bytes ||
	    tally.idle_bytes != a->idle_bytes)
		return "free bytes are miscounted";
	return check_bins(a, tally.nr_binned, where);
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

/* ---- starting anew ---- */

static int is_used(const struct heap_chunk *chunk, void *arg)
{
	(void)arg;
	return chunk->kind == HEAP_CHUNK_USED ||
	       chunk->kind == HEAP_CHUNK_CACHED;
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

	if (a->top)
		give_back(a->base, a->end, a->mapped);
	for (struct chunk *f = a->fences; f; f = next) {
		next = fence_next(f);
		give_back(fence_base(f), (char *)f + chunk_bytes(f),
			  chunk_is_mapped(f));
	}
	*a = (struct arena){ .flags = a->flags };
	bins_init(&a->bins);
}

int __heap_reset(void)
{
	malloc_ensure_started();
	careful_flush();
	heap_trim(0);
	if (__heap_walk(is_used, NULL))
		return -1;
	for (int i = 0; i < NR_ARENAS; i++)
		forget(&malloc_arenas[i]);
	return 0;
}
