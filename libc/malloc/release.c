/*
 * release.c - handing pages of free chunks back, but not again and again.
 */
#include "release.h"

#include "arena.h"
#include "event.h"
#include "options.h"
#include "tcache.h"

#define KIB	1024UL
#define MIB	(1024 * KIB)

/* How much must be freed before it is worth a look: of a large heap, more. */
#define LOOK_BYTES		(128 * KIB)
#define LOOK_SHARE		8

/* A purge is due when this much is idle, and a share of what is in use. */
#define IDLE_MIN_BYTES		(512 * KIB)
#define IDLE_SHARE		2

/* Smaller chunks keep their pages: a system call would be too much for them. */
#define PURGE_CHUNK_BYTES	(32 * KIB)

/*
 * A heap has emptied when at most this share of it is in use, without what
 * caches hold. Then it is looked at each time that half of this has gone, too.
 */
#define EMPTIED_SHARE		64

#define REGRETS_ENOUGH		4
#define SLACK_MIN_BYTES		MIB
#define SLACK_MAX_BYTES		(64 * MIB)

/* What a binned chunk holds when it is large enough to be purged. */
struct large_chunk {
	struct chunk chunk;
	size_t dirty_bytes;	/* arena lock; the others read as zero */
};

static bool is_large(const struct chunk *c)
{
	return chunk_bytes(c) >= PURGE_CHUNK_BYTES;
}

size_t release_idle_bytes(struct chunk *c)
{
	if (!is_large(c))
		return 0;
	return min_size(((struct large_chunk *)c)->dirty_bytes,
			chunk_bytes(c));
}

void release_enter(struct arena *a, struct chunk *c, size_t dirty)
{
	if (!is_large(c))
		return;
	((struct large_chunk *)c)->dirty_bytes = dirty;
	a->idle_bytes += dirty;
}

size_t release_leave(struct arena *a, struct chunk *c)
{
	size_t dirty = release_idle_bytes(c);

	a->idle_bytes -= dirty;
	return is_large(c) ? dirty : chunk_bytes(c);
}

/* ---- learning from regrets ---- */

/* In use by the program: not just held by this thread's cache. */
static size_t bytes_wanted(const struct arena *a)
{
	size_t used = arena_bytes_in_use(a);

	return used - min_size(used, tcache_bytes());
}

static bool has_emptied(const struct arena *a)
{
	size_t little = a->system_bytes / EMPTIED_SHARE;

	/* First what is cheap to know. */
	return arena_bytes_in_use(a) <= little + TCACHE_MOST_BYTES &&
	       bytes_wanted(a) <= little;
}

void release_given(struct arena *a, size_t bytes)
{
	a->release.emptied = has_emptied(a);
	a->release.given += bytes;
}

void release_regret(struct arena *a)
{
	struct release *r = &a->release;

	r->regrets[r->emptied].nr += r->given != 0;
	r->regrets[r->emptied].bytes += r->given;
	r->given = 0;
}

/*
 * A heap that empties for the first time gives all back, however often it has
 * only shrunk before; and one that shrinks keeps little of what is in use.
 */
size_t release_slack(const struct arena *a)
{
	const struct release *r = &a->release;
	bool emptied;
	size_t most;

	if (malloc_options.mode != MALLOC_MODE_DEFAULT ||
	    (r->regrets[0].nr < REGRETS_ENOUGH &&
	     r->regrets[1].nr < REGRETS_ENOUGH))
		return 0;
	emptied = has_emptied(a);
	most = emptied ? min_size(a->max_system_bytes, SLACK_MAX_BYTES) :
			 max_size(arena_bytes_in_use(a) / IDLE_SHARE,
				  SLACK_MIN_BYTES);
	if (r->regrets[emptied].nr < REGRETS_ENOUGH)
		return 0;
	return min_size(r->regrets[emptied].bytes, most);
}

/* ---- purging ---- */

/* The whole pages inside a free chunk; how many bytes of them went back. */
static size_t purge(struct arena *a, struct chunk *c)
{
	uintptr_t start = page_align_up((uintptr_t)c +
					sizeof(struct large_chunk));
	uintptr_t end = page_align_down((uintptr_t)c + chunk_bytes(c));

	if ((is_large(c) && !release_idle_bytes(c)) || start >= end ||
	    !port_decommit((void *)start, end - start, false))
		return 0;
	malloc_event(MALLOC_EVENT_DECOMMIT, (void *)start, end - start);
	release_leave(a, c);
	release_enter(a, c, 0);
	return end - start;
}

bool release_pages(struct arena *a, size_t min_bytes)
{
	size_t given = 0;

	for (unsigned int i = bin_next(a, bin_index(min_bytes)); i < NR_BINS;
	     i = bin_next(a, i + 1)) {
		struct link *head = &a->bins.heads[i];

		for (struct link *l = link_unmask(head->fd); l != head;
		     l = link_unmask(l->fd))
			given += purge(a, link_to_chunk(l));
	}
	if (given)
		release_given(a, given);
	return given;
}

static void purge_all(struct arena *a)
{
	release_pages(a, PURGE_CHUNK_BYTES);
	a->release.kept = a->idle_bytes;	/* not 0 if the port refuses */
}

/* True once for each halving of the little that is left in use. */
static bool is_emptying(const struct arena *a)
{
	size_t idle = a->system_bytes - arena_bytes_in_use(a);

	return idle >= IDLE_MIN_BYTES && has_emptied(a) &&
	       bytes_wanted(a) < a->release.mark / 2 &&
	       idle >= IDLE_MIN_BYTES + release_slack(a);
}

static bool is_due(const struct arena *a)
{
	size_t share = arena_bytes_in_use(a) / IDLE_SHARE;
	size_t due = a->release.kept + max_size(IDLE_MIN_BYTES, share);

	return a->idle_bytes >= due && a->idle_bytes >= due + release_slack(a);
}

bool release_idle(struct arena *a)
{
	struct release *r = &a->release;

	if (malloc_options.mode != MALLOC_MODE_DEFAULT ||
	    r->freed < min_size(LOOK_BYTES,
				arena_bytes_in_use(a) / LOOK_SHARE))
		return false;
	r->freed = 0;
	if (is_emptying(a)) {
		r->mark = bytes_wanted(a);
		return true;
	}
	if (quick_is_full(a))
		quick_sweep(a);
	r->kept = min_size(r->kept, a->idle_bytes);
	if (is_due(a))
		purge_all(a);
	return false;
}

bool release_drained(struct arena *a)
{
	quick_sweep(a);
	if (a->idle_bytes >= release_slack(a))
		purge_all(a);
	return has_emptied(a);
}
