/*
 * tcache.c - filling and emptying a thread's cache, many chunks per lock.
 */
#include "tcache.h"

#include "arena.h"
#include "check.h"
#include "keep.h"
#include "release.h"
#include "tools/careful.h"
#include "tools/event.h"

/*
 * Bytes a bin may hold, within limits. A third more would cut the time of four threads
 * that allocate nothing but small blocks to 0.8, but raise the memory of a 2 MB
 * program with blocks of thirty sizes to 1.05.
 */
#define BIN_BYTES	6144UL
#define BIN_MAX_SLOTS	128UL

#define FIRST_MEDIUM	(TCACHE_SHIFT + NR_EXACT_BINS)

/*
 * Each cached chunk may be all that keeps a page. So at first, and again after a
 * flush, a stack of small chunks has a sixteenth of its full length, and a refill
 * fills half of that. The limit doubles whenever it is found empty or full.
 */
#define FIRST_SHORTER	16

/* In glibc mode a stack of small chunks holds the first that are freed, as glibc's. */
#define GLIBC_SLOTS	7

#define NR_SPARES	8

static void *no_slot;		/* always NULL: below and above nothing */

const struct tcache tcache_none = {
	.bins = { [0 ... NR_TCACHE_BINS - 1] = { &no_slot, &no_slot } },
	.arena = &main_arena,
};

PORT_THREAD_LOCAL struct tcache *tcache = (struct tcache *)&tcache_none;

/* Mappings of threads that have ended, for the next; guarded by main_arena.lock. */
static char *spares[NR_SPARES];
static unsigned int nr_spares, nr_turns;	/* nr_turns: atomic; arenas are taken in turn */

/* ---- making one ---- */

/* The smallest chunk of bin @i. */
static size_t bin_bytes(unsigned int i)
{
	return i < FIRST_MEDIUM ? i * CHUNK_ALIGN :
		EXACT_MAX / 8 * (8 + (i - FIRST_MEDIUM) % 8) << (i - FIRST_MEDIUM) / 8;
}

static size_t nr_slots(unsigned int i)
{
	return min_size(max_size(BIN_BYTES / bin_bytes(i), 1), BIN_MAX_SLOTS);
}

/* Bin @i is full with @nr chunks, at least one, if that many are allowed. */
static void limit_bin(struct tcache *tc, unsigned int i, size_t nr)
{
	tc->bins[i].limit = tc->bottom[i] - 1 + min_size(max_size(nr, 1), nr_slots(i));
}

static bool like_glibc(void)
{
	return malloc_options.mode == MALLOC_MODE_GLIBC;
}

/* Small bins, which are empty, shall not hold much for now. */
static void shorten(struct tcache *tc)
{
	for (unsigned int i = TCACHE_SHIFT; i < FIRST_MEDIUM; i++)
		limit_bin(tc, i, like_glibc() ? GLIBC_SLOTS : nr_slots(i) / FIRST_SHORTER);
}

/*
 * Lay out the stacks, one after the other, if there is a cache; the length of its
 * mapping, with a page in front that stops who runs over the end of the one below.
 */
static size_t lay_out(struct tcache *tc)
{
	size_t slot = 0;

	for (unsigned int i = TCACHE_SHIFT; i < NR_TCACHE_BINS; i++) {
		if (tc) {
			tc->bins[i].last = tc->slots + slot;
			tc->bottom[i] = tc->slots + slot + 1;
			limit_bin(tc, i, BIN_MAX_SLOTS);
		}
		slot += 1 + nr_slots(i);
	}
	return PORT_PAGE_BYTES + page_align_up(sizeof(*tc) + slot * sizeof(void *));
}

bool tcache_wanted(void)
{
	return malloc_options.cache && !options_careful() &&
	       !malloc_event_hook && !malloc_is_broken;
}

/* The mapping of a cache that some thread has left, or NULL. */
static char *take_spare(void)
{
	char *guard;

	port_lock(&main_arena.lock);
	guard = nr_spares ? spares[--nr_spares] : NULL;
	port_unlock(&main_arena.lock);
	return guard;
}

/* This thread's cache, made on the first call; NULL if it is to have none. */
static struct tcache *tcache_of_thread(void)
{
	struct tcache *tc = tcache;
	char *guard;

	if (tc != &tcache_none)
		return tc;
	if (!tcache_wanted() || !port_thread())
		return NULL;
	guard = take_spare() ?: port_map(NULL, 0, lay_out(NULL));
	if (!guard)
		return NULL;
	port_decommit(guard, PORT_PAGE_BYTES, true);
	tc = (struct tcache *)(guard + PORT_PAGE_BYTES);
	__builtin_memcpy(tc->bins, tcache_none.bins, sizeof(tc->bins));
	lay_out(tc);
	shorten(tc);
	tcache = tc;
	return tc;
}

/* ---- out ---- */

/* Fetch a few small chunks; what lies lowest comes out first. */
static void refill(struct tcache *tc, struct tcache_bin *bin, size_t bytes)
{
	size_t room = bin->limit - bin->last;

	port_lock(&tc->arena->lock);
	bin->last += arena_alloc_run(tc->arena, bytes, (room + 1) / 2, bin->last + 1);
	port_unlock(&tc->arena->lock);
	limit_bin(tc, bin - tc->bins, 2 * room);
}

void *tcache_alloc(size_t bytes, size_t alignment)
{
	struct tcache *tc = tcache_of_thread();
	struct tcache_bin *bin, *last;
	void *mem;

	if (!tc)
		return NULL;
	/*
	 * A thread stays with its arena, whoever else has the lock: what it left behind
	 * if it moved on took four threads 1.2 times the memory, and no less time. A
	 * spare cache stays with the arena that it had. Who only frees takes none: two
	 * producers, started in turn with two consumers, would get the same one.
	 */
	if (!tc->arena)
		tc->arena = &malloc_arenas[__atomic_fetch_add(&nr_turns, 1, __ATOMIC_RELAXED) %
					   malloc_options.nr_arenas];
	bin = &tc->bins[TCACHE_SHIFT + bin_index(bytes)];
	if (bytes <= SMALL_MAX_BYTES && alignment <= CHUNK_ALIGN && !*bin->last && !like_glibc())
		refill(tc, bin, bytes);
	for (last = bin + !like_glibc(); bin <= last; bin++) {
		mem = *bin->last;
		if (mem && !chunk_is(mem_to_chunk(mem), CHUNK_CACHED))
			malloc_panic("corrupted cached chunk", mem);
		if (mem && chunk_bytes(mem_to_chunk(mem)) >= bytes &&
		    (uintptr_t)mem % alignment == 0) {
			chunk_change(mem_to_chunk(mem), CHUNK_CACHED, CHUNK_IN_USE);
			bin->last--;
			return mem;
		}
	}
	return NULL;
}

/* ---- in, and back to the arenas ---- */

/*
 * Free @nr cached chunks, one arena after the other, so that each lock is
 * taken once however the chunks are mixed.
 */
static void flush_slots(struct tcache *tc, void **slots, size_t nr)
{
	while (nr > 0) {
		struct arena *a = chunk_arena(mem_to_chunk(slots[0]));
		size_t others = 0;

		port_lock(&a->lock);
		for (size_t i = 0; i < nr; i++)
			if (chunk_arena(mem_to_chunk(slots[i])) == a)
				quick_free(a, mem_to_chunk(slots[i]));
			else
				slots[others++] = slots[i];
		tc->draining |= release_idle(a);
		port_unlock(&a->lock);
		nr = others;
	}
}

static size_t nr_cached(const struct tcache *tc, unsigned int i)
{
	return tc->bins[i].last + 1 - tc->bottom[i];
}

/* Give back the @nr oldest chunks of bin @i; the newest are warm. */
static void flush_bin(struct tcache *tc, unsigned int i, size_t nr)
{
	flush_slots(tc, tc->bottom[i], nr);
	tc->bins[i].last -= nr;
	__builtin_memmove(tc->bottom[i], tc->bottom[i] + nr, nr_cached(tc, i) * sizeof(void *));
}

bool tcache_put(struct chunk *c)
{
	struct tcache *tc = tcache_of_thread();
	struct tcache_bin *bin;

	if (!tc || chunk_bytes(c) > (like_glibc() ? SMALL_MAX_BYTES : MEDIUM_MAX_BYTES))
		return false;
	bin = &tc->bins[TCACHE_SHIFT + bin_index(chunk_bytes(c))];
	if (bin->last == bin->limit) {
		unsigned int i = bin - tc->bins;
		size_t nr = nr_cached(tc, i);

		/* Two chunks of about a page are too few to flush as a batch. */
		if ((i >= FIRST_MEDIUM && nr == 2) || like_glibc())
			return false;
		flush_bin(tc, i, nr - nr / 2);
		limit_bin(tc, i, 2 * nr);
		if (!chunk_is(c, CHUNK_IN_USE))		/* another thread was faster */
			malloc_panic("double free", chunk_to_mem(c));
	}
	chunk_change(c, CHUNK_IN_USE, CHUNK_CACHED);
	*++bin->last = chunk_to_mem(c);
	if (tc->draining)
		tcache_drain();
	return true;
}

size_t tcache_bytes(void)
{
	struct tcache *tc = tcache;
	size_t bytes = 0;

	for (unsigned int i = TCACHE_SHIFT; tc != &tcache_none && i < NR_TCACHE_BINS; i++)
		bytes += nr_cached(tc, i) * bin_bytes(i);
	return bytes;
}

static void tcache_flush(void)
{
	struct tcache *tc = tcache;

	if (tc == &tcache_none)
		return;
	for (unsigned int i = TCACHE_SHIFT; i < NR_TCACHE_BINS; i++)
		if (nr_cached(tc, i))
			flush_bin(tc, i, nr_cached(tc, i));
	tc->draining = false;	/* or else tcache_drain() is at it */
	shorten(tc);
}

void tcache_drain(void)
{
	keep_flush(false);	/* perhaps nobody frees a mapping any more */
	tcache_flush();
	for (struct arena *a = malloc_arenas; a < malloc_arenas + NR_ARENAS; a++) {
		port_lock(&a->lock);
		release_drained(a);
		port_unlock(&a->lock);
	}
}

void tcache_trim(void)
{
	char *guard;

	tcache_flush();
	while ((guard = take_spare()))
		port_unmap(guard, lay_out(NULL));
	/* Restart the rotation; this thread's own cache counts, if it has an arena. */
	__atomic_store_n(&nr_turns, tcache != &tcache_none && tcache->arena, __ATOMIC_RELAXED);
}

void __malloc_thread_exit(void)
{
	char *guard = (char *)tcache - PORT_PAGE_BYTES;

	if (tcache == &tcache_none)
		return;
	tcache_drain();		/* perhaps nobody frees any more */
	tcache = (struct tcache *)&tcache_none;
	port_lock(&main_arena.lock);
	if (nr_spares < NR_SPARES) {
		spares[nr_spares++] = guard;
		guard = NULL;
	}
	port_unlock(&main_arena.lock);
	if (guard)
		port_unmap(guard, lay_out(NULL));
}
