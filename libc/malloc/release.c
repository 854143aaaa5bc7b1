/*
 * release.c - handing pages of free chunks back, but not again and again.
 */
#include "release.h"

#include "arena.h"
#include "options.h"
#include "tcache.h"
#include "tools/event.h"
#include "top.h"

/* Bytes freed between two checks; in a small heap, a sixteenth of what is in use. */
#define LOOK_BYTES		(128 * KIB)
#define LOOK_SHARE		16

/* A purge is due when idle bytes * IDLE_SHARE >= bytes in use. */
#define IDLE_SHARE		2

/*
 * A turn: what has stayed idle all the while is cold, if it is much. It goes back
 * at a fourth of the price, since hardly any of it will be needed again. What lies
 * at the bottom of a cache is never asked for, but keeps its neighbours from
 * merging: without a flush each turn, ten days of churn (tests/malloc) take four
 * times what is live instead of less than two.
 */
#define TURN_TIMES		3
#define TURN_MIN_BYTES		(4 * MIB)
#define COLD_SHARE		4

/*
 * What empties is still being emptied, most likely, so that short pieces will soon be
 * one: those below 64 KiB, or a fourth of what is left in use, do not go back yet (ten
 * million blocks freed at random: 1.2 of the time without that limit); and then again
 * when there is a fourth of that: what a cache gets after the last time pins its pages.
 */
#define DRAIN_SHARE		4

/* A heap counts as emptied even if caches still hold this much of it. */
#define EMPTIED_BYTES		(2 * MIB)

/*
 * Time pays for one page in 524,288 cycles. To have given it back and then need it
 * costs 2,500 to 7,000, or 30,000 where the hypervisor shadows page tables. With
 * twice this price a server has 2.5 times what is live after ten days of churn.
 */
#define CYCLES_PER_BYTE		128

/* What a binned chunk holds when it is large enough to be purged. */
struct large_chunk {
	struct chunk chunk;
	size_t dirty_bytes;	/* arena lock; what a purge might give back */
};

size_t release_idle_bytes(struct chunk *c)
{
	return chunk_bytes(c) < PURGE_CHUNK_BYTES ? 0 :
	       min_size(((struct large_chunk *)c)->dirty_bytes, chunk_bytes(c));
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

	a->idle_bytes -= min_size(dirty, a->idle_bytes);	/* it may be scribble */
	return chunk_bytes(c) < PURGE_CHUNK_BYTES ? chunk_bytes(c) : dirty;
}

/* ---- what it may cost ---- */

size_t release_clock(void)
{
#if defined(__x86_64__) && !defined(MALLOC_NO_CLOCK)
	return __builtin_ia32_rdtsc() / CYCLES_PER_BYTE;
#else
	static size_t paid;

	return __atomic_add_fetch(&paid, PORT_PAGE_BYTES, __ATOMIC_RELAXED);
#endif
}

/*
 * What is given back and needed again costs a system call, and a fault for each page:
 * as long as a hundred frees. So *paid_at runs ahead of the clock by what went back
 * lately, and there is a limit to that, the credit: a heap that swings gives back
 * twice, one that empties eight times, if it is not small; but then only now and
 * then, so that it costs a few percent of the time at most. To give back 20 MB of
 * mixed sizes each time, without a pause, would take 4.3 times as long as not to.
 * After a long enough pause the whole credit is there again.
 */
bool release_is_paid(size_t *paid_at, size_t bytes, size_t times, size_t most)
{
	size_t earned = release_clock();

	/* The clock is ahead, or was set back, as when a machine wakes up. */
	if (*paid_at - earned > 2 * PAID_TIMES_EMPTIED * most)
		*paid_at = earned;
	times = min_size(times, max_size(most / PAID_ONCE_BYTES, 1));
	return malloc_options.mode != MALLOC_MODE_DEFAULT ||
	       *paid_at - earned + bytes <= times * most;
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
	size_t dirty = release_leave(a, c);

	release_enter(a, c, 0);
	if (start >= end || !port_decommit((void *)start, end - start, false))
		return 0;
	malloc_event(MALLOC_EVENT_DECOMMIT, (void *)start, end - start);
	return min_size(dirty, end - start);
}

/* Dirty chunks stand in front in their bin, clean ones behind: none is visited twice. */
size_t release_pages(struct arena *a, size_t min_bytes)
{
	unsigned int i = bin_index(min_bytes);
	size_t given = 0;

	for (; a->binned_bytes && (i = bin_next(a, i)) < NR_BINS; i++) {
		struct chunk *c = NULL;

		while ((c = bin_walk(a, i, c)) &&
		       (chunk_bytes(c) < PURGE_CHUNK_BYTES || release_idle_bytes(c)))
			given += purge(a, c);
	}
	return given;
}

void release_drained(struct arena *a)
{
	struct release *r = &a->release;
	size_t given = 0;

	if (r->sweep || r->due)
		quick_sweep(a);
	if (r->due)
		given = release_pages(a, max_size(PURGE_CHUNK_BYTES, min_size(64 * KIB,
				      arena_bytes_in_use(a) / DRAIN_SHARE)));
	if (r->due && top_bytes(a) >= option_load(&malloc_options.trim_threshold))
		given += top_trim(a, malloc_options.top_pad);
	r->paid_at += given;
	r->sweep = r->due = false;
}

/* ---- when ---- */

/*
 * True once the program has little, which is not what this thread's cache holds,
 * and again when it has as little of that. Top is idle as far as it was touched: a
 * mapped region, of which little ever was, would else be emptying all the time.
 */
static bool is_emptying(struct arena *a)
{
	struct release *r = &a->release;
	size_t used = arena_bytes_in_use(a), idle = a->binned_bytes + a->quick_bytes + a->dirty;
	size_t little = a->system_bytes / EMPTIED_SHARE;

	if (used > little + EMPTIED_BYTES)
		r->mark = little;	/* it is filled anew, or grows */
	/* A cache never holds EMPTIED_BYTES: what it does hold is only added up if it matters. */
	if (idle < IDLE_MIN_BYTES || used > r->mark + EMPTIED_BYTES ||
	    used > r->mark + tcache_bytes())
		return false;
	r->due = release_is_paid(&r->paid_at, 0, PAID_TIMES_EMPTIED, a->max_system_bytes);
	/* To merge costs no faults, and what was freed in any order comes out in one again. */
	r->sweep = a->quick_bytes >= IDLE_MIN_BYTES;
	r->mark = r->due ? used / DRAIN_SHARE : r->mark;	/* or ask again */
	return r->due || r->sweep;
}

bool release_idle(struct arena *a)
{
	struct release *r = &a->release;
	bool turn = r->turned + r->freed >= TURN_TIMES * a->system_bytes + TURN_MIN_BYTES;
	size_t used = arena_bytes_in_use(a), enough, off;	/* off: discount for cold bytes */

	if (malloc_options.mode != MALLOC_MODE_DEFAULT ||
	    r->freed < min_size(LOOK_BYTES, used / LOOK_SHARE))
		return false;
	r->turned += r->freed;
	r->freed = 0;
	if (is_emptying(a))
		return true;
	r->cold = min_size(r->cold, a->idle_bytes);
	off = turn ? r->cold - r->cold / COLD_SHARE : 0;
	enough = max_size(a->idle_bytes * IDLE_SHARE, turn ? r->cold * COLD_SHARE : 0);
	if (a->idle_bytes >= IDLE_MIN_BYTES && enough >= used &&
	    release_is_paid(&r->paid_at, a->idle_bytes - off, PAID_TIMES_PURGED,
			    a->max_system_bytes))
		r->paid_at += release_pages(a, PURGE_CHUNK_BYTES) - off;
	if (turn) {
		r->turned = 0;
		r->cold = SIZE_MAX;
		r->sweep = true;
	}
	return turn;
}
