/*
 * release.c - handing pages of free chunks back, but not again and again.
 */
#include "release.h"

#include "arena.h"
#include "options.h"
#include "tcache.h"
#include "tools/event.h"

/* How much must be freed before it is worth a look: of a large heap, more. */
#define LOOK_BYTES		(128 * KIB)
#define LOOK_SHARE		16

/* A purge is due when this much is idle, and a share of what is in use. */
#define IDLE_MIN_BYTES		(512 * KIB)
#define IDLE_SHARE		2

/*
 * A heap has emptied when at most this share of it is in use, and what caches
 * may hold. Then it is looked at each time that half of this has gone, too.
 */
#define EMPTIED_SHARE		32
#define EMPTIED_BYTES		(2 * MIB)

/* Regrets are forgotten when so many times the heap was freed without one. */
#define REGRETS_AGE		16
#define REGRETS_AGE_BYTES	(256 * MIB)

/* So many costly regrets in a row are too much. */
#define REGRETS_MANY		16
#define RELAPSES_MAX		4

/* What a heap that shrinks may keep, whatever is in use. */
#define SLACK_MIN_BYTES		MIB

/* What a binned chunk holds when it is large enough to be purged. */
struct large_chunk {
	struct chunk chunk;
	size_t dirty_bytes;	/* arena lock; what a purge might give back */
};

size_t release_idle_bytes(struct chunk *c)
{
	if (chunk_bytes(c) < PURGE_CHUNK_BYTES)
		return 0;
	return min_size(((struct large_chunk *)c)->dirty_bytes, chunk_bytes(c));
}

void release_enter(struct arena *a, struct chunk *c, size_t dirty)
{
	if (chunk_bytes(c) < PURGE_CHUNK_BYTES)
		return;
	((struct large_chunk *)c)->dirty_bytes = dirty;
	a->idle_bytes += dirty;
}

size_t release_leave(struct arena *a, struct chunk *c)
{
	size_t dirty = release_idle_bytes(c);

	a->idle_bytes -= dirty;
	return chunk_bytes(c) < PURGE_CHUNK_BYTES ? chunk_bytes(c) : dirty;
}

/* ---- learning from regrets ---- */

/* A large block does not take longer to free than a small one. */
void release_count(struct arena *a, size_t bytes)
{
	a->release.freed += bytes;
	a->release.clock += min_size(bytes, PORT_PAGE_BYTES);
	a->release.balance++;
}

static bool is_forgotten(const struct arena *a, const struct regrets *regrets)
{
	return a->release.clock - regrets->last >
	       max_size(REGRETS_AGE * a->max_system_bytes, REGRETS_AGE_BYTES)
	       << regrets->relapses;
}

/*
 * Regrets in a row double what is kept. After a long time they are forgotten for
 * a try, and if that is regretted, too, for twice as long the next time. They are
 * costly if there was a system call for every few frees.
 */
static void learn(struct arena *a, struct regrets *regrets)
{
	struct release *r = &a->release;

	if (!is_forgotten(a, regrets)) {
		regrets->costly = r->balance <= 0 ? regrets->costly + 1 : 0;
		regrets->bytes = min_size(2 * regrets->bytes + (IDLE_MIN_BYTES >> 3 * r->emptied),
					  a->max_system_bytes);
	} else if (regrets->costly >= REGRETS_MANY) {
		regrets->relapses = min_size(regrets->relapses + 1, RELAPSES_MAX);
	} else {
		regrets->bytes /= 4;
	}
	regrets->last = r->clock;
	regrets->given = r->balance = 0;
}

void release_regret(struct arena *a)
{
	struct regrets *regrets = a->release.regrets;

	for (int emptied = false; emptied <= true; emptied++)
		if (regrets[emptied].given)
			learn(a, &regrets[emptied]);
}

/*
 * A heap that empties for the first time gives all back, however often it has
 * only shrunk before. One that shrinks keeps little of what is in use, unless
 * that has been costly again and again: then what has been in use, and not much
 * more, for a heap may be far larger.
 */
size_t release_slack(const struct arena *a)
{
	const struct regrets *regrets = &a->release.regrets[a->release.emptied];
	size_t used = arena_bytes_in_use(a), most = max_size(used / IDLE_SHARE, SLACK_MIN_BYTES);

	if (malloc_options.mode != MALLOC_MODE_DEFAULT || is_forgotten(a, regrets))
		return 0;
	if (a->release.emptied || regrets->costly >= REGRETS_MANY)
		most = max_size(used, a->release.peak) * 5 / 4 - used;
	return min_size(regrets->bytes, most);
}

/* ---- purging ---- */

/*
 * The whole pages inside a free chunk; how many bytes of them went back. If the
 * port refuses there is nothing more to be had of this one.
 */
static size_t purge(struct arena *a, struct chunk *c)
{
	uintptr_t start = page_align_up((uintptr_t)c + sizeof(struct large_chunk));
	uintptr_t end = page_align_down((uintptr_t)c + chunk_bytes(c));

	release_leave(a, c);
	release_enter(a, c, 0);
	if (start >= end || !port_decommit((void *)start, end - start, false))
		return 0;
	malloc_event(MALLOC_EVENT_DECOMMIT, (void *)start, end - start);
	a->release.balance -= COSTLY_FREES;
	return end - start;
}

/* What has been purged is at the end of its bin, and not visited again. */
bool release_pages(struct arena *a, size_t min_bytes)
{
	size_t given = 0;

	for (unsigned int i = bin_next(a, bin_index(min_bytes)); i < NR_BINS;
	     i = bin_next(a, i + 1)) {
		struct chunk *c = NULL;

		while ((c = bin_walk(a, i, c)) &&
		       (chunk_bytes(c) < PURGE_CHUNK_BYTES ||
			release_idle_bytes(c)))
			given += purge(a, c);
	}
	a->release.regrets[a->release.emptied].given += given;
	return given;
}

/*
 * True once for each halving of the little that the program still has, which
 * is not what this thread's cache holds.
 */
static bool is_emptying(struct arena *a)
{
	struct release *r = &a->release;
	size_t used = arena_bytes_in_use(a), idle = a->system_bytes - used;
	size_t little = a->system_bytes / EMPTIED_SHARE;

	if (used > little + EMPTIED_BYTES) {
		r->emptied = false;
		r->mark = little;
		return false;
	}
	if (idle < IDLE_MIN_BYTES + (r->emptied ? release_slack(a) : 0))
		return false;
	used -= min_size(used, tcache_bytes());
	if (used > r->mark)
		return false;
	r->emptied = true;
	r->mark = used / 2;
	return idle >= IDLE_MIN_BYTES + release_slack(a);
}

bool release_idle(struct arena *a)
{
	struct release *r = &a->release;
	size_t used = arena_bytes_in_use(a);

	if (malloc_options.mode != MALLOC_MODE_DEFAULT ||
	    r->freed < min_size(LOOK_BYTES, used / LOOK_SHARE))
		return false;
	r->freed = 0;
	r->peak = max_size(r->peak, used);
	if (is_emptying(a))
		return true;
	if (a->quick_bytes >= max_size(QUICK_MIN_BYTES, QUICK_SHARE * used))
		quick_sweep(a);
	if (a->idle_bytes >= max_size(IDLE_MIN_BYTES, used / IDLE_SHARE) + release_slack(a))
		release_pages(a, PURGE_CHUNK_BYTES);
	return false;
}
