/*
 * release.c - handing pages of free chunks back, but not again and again.
 */
#include "release.h"

#include "arena.h"
#include "event.h"
#include "options.h"
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

size_t chunk_dirty(struct chunk *c)
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
 * Enough is half a megabyte, an eighth of the heap, and more than the program
 * is likely to need again: each release costs a system call, and each page of
 * it a fault if it is.
 */
void chunk_set_dirty(struct arena *a, struct chunk *c, size_t dirty)
{
	if (chunk_bytes(c) < BIG_BYTES)
		return;
	if (malloc_options.mode == MALLOC_MODE_DEFAULT &&
	    dirty >= DIRTY_MAX_BYTES && dirty >= a->system_bytes / 8 &&
	    dirty >= arena_slack(a) && chunk_decommit(c)) {
		a->gave_back = true;
		dirty = 0;
	}
	((struct big_chunk *)c)->dirty_bytes = dirty;
}

/* The pages of one free chunk, unless they are known to be gone already. */
static bool decommit_dirty(struct chunk *c)
{
	if (!chunk_dirty(c) || !chunk_decommit(c))
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
