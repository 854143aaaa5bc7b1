/*
 * tcache.c - filling and emptying a thread's cache, many chunks per lock.
 */
#include "tcache.h"

#include "arena.h"
#include "check.h"
#include "event.h"
#include "keep.h"
#include "release.h"

#define SMALL_MIN_SLOTS	8UL
#define SMALL_MAX_SLOTS	128UL

#define BATCH_FIRST	4	/* chunks in a bin's first refill; then doubled */

#define MEDIUM_SLOTS	4UL

/*
 * What lies at the bottom is never asked for, but keeps its neighbours from
 * merging. So a cache is emptied whenever so many times what is in use has been
 * asked for in vain. Without this, ten days of churn (tests/malloc) take four
 * times what is live instead of less than two; with it, 3% more time.
 */
#define AGE_SHARE	4
#define AGE_MIN_BYTES	(1024 * 1024UL)

static void *no_slot;		/* always NULL: below and above nothing */

struct tcache tcache_none = {
	.bins = { [0 ... NR_TCACHE_BINS - 1] = { &no_slot, &no_slot } },
	.arena = &main_arena,
};

PORT_THREAD_LOCAL struct tcache *tcache = &tcache_none;

/* ---- making one ---- */

static unsigned int medium_index(size_t bytes)
{
	return NR_SMALL_BINS + bin_index(bytes) - NR_EXACT_BINS;
}

static struct tcache_bin *tcache_bin(struct tcache *tc, size_t bytes)
{
	return &tc->bins[bytes <= SMALL_MAX_BYTES ? bytes / CHUNK_ALIGN :
						    medium_index(bytes)];
}

static size_t nr_slots(unsigned int i)
{
	size_t slots = SMALL_LIMIT_BYTES / (i * CHUNK_ALIGN + 1);

	if (i >= NR_SMALL_BINS)
		return MEDIUM_SLOTS;
	return min_size(max_size(slots, SMALL_MIN_SLOTS), SMALL_MAX_SLOTS);
}

/* Lay out the stacks of @tc, one after the other; bytes of it with them. */
static size_t lay_out(struct tcache *tc)
{
	void **slot = tc->slots;

	for (unsigned int i = CHUNK_MIN / CHUNK_ALIGN; i < NR_TCACHE_BINS; i++) {
		if (tc != &tcache_none) {
			tc->bins[i].last = slot;
			tc->bins[i].limit = slot + nr_slots(i);
		}
		slot += 1 + nr_slots(i);
	}
	return page_align_up((char *)slot - (char *)tc);
}

static bool cache_wanted(void)
{
	return malloc_options.cache && !options_careful() &&
	       !malloc_event_hook && !malloc_is_broken;
}

/* This thread's cache, made on the first call; NULL if it is to have none. */
static struct tcache *tcache_get(void)
{
	struct tcache *tc = tcache;

	if (tc != &tcache_none)
		return tc;
	if (!cache_wanted())
		return NULL;
	tc = port_map(NULL, 0, lay_out(&tcache_none));
	if (!tc)
		return NULL;
	*tc = tcache_none;
	lay_out(tc);
	__builtin_memset(tc->batch, BATCH_FIRST, sizeof(tc->batch));
	tcache = tc;
	port_thread();
	return tc;
}

struct arena *tcache_arena(void)
{
	return tcache->arena;
}

struct arena *tcache_move(struct arena *a)
{
	if (tcache == &tcache_none)
		return tcache->arena;
	tcache->arena = a;
	return a;
}

/* ---- out ---- */

static void *pop(struct tcache_bin *bin)
{
	void *mem = *bin->last--;

	chunk_change(mem_to_chunk(mem), CHUNK_CACHED, CHUNK_IN_USE);
	return mem;
}

/* So that what lies lowest comes out first. */
static void reverse(void **slots, unsigned int nr)
{
	for (unsigned int i = 0; i < nr / 2; i++) {
		void *mem = slots[i];

		slots[i] = slots[nr - 1 - i];
		slots[nr - 1 - i] = mem;
	}
}

static void *alloc_small(struct tcache *tc, size_t bytes)
{
	struct tcache_bin *bin = tcache_bin(tc, bytes);
	uint8_t *batch = &tc->batch[bytes / CHUNK_ALIGN];
	struct arena *a;
	unsigned int nr;

	if (*bin->last)
		return pop(bin);
	a = arena_lock();
	nr = arena_alloc_run(a, bytes, *batch, bin->last + 1);
	arena_unlock(a);
	if (!nr)
		return NULL;
	tc->missed_bytes += nr * bytes;
	reverse(bin->last + 1, nr);
	bin->last += nr;
	*batch = min_size(*batch * 2UL,
			  nr_slots(bytes / CHUNK_ALIGN) / 2);
	return pop(bin);
}

static void *alloc_medium(struct tcache *tc, size_t bytes)
{
	struct tcache_bin *bin = tcache_bin(tc, bytes);
	struct tcache_bin *fits = bin + 1;

	for (; bin <= fits; bin++) {
		void *mem = *bin->last;

		if (!mem || chunk_bytes(mem_to_chunk(mem)) < bytes)
			continue;
		tc->medium_bytes -= chunk_bytes(mem_to_chunk(mem));
		return pop(bin);
	}
	tc->missed_bytes += bytes;
	return NULL;
}

void *tcache_alloc(size_t bytes)
{
	struct tcache *tc = tcache_get();

	if (!tc)
		return NULL;
	return bytes <= SMALL_MAX_BYTES ? alloc_small(tc, bytes) :
					  alloc_medium(tc, bytes);
}

/* ---- in, and back to the arenas ---- */

/* Give one cached chunk back to its arena, which is locked. */
static void flush_chunk(struct arena *a, void *mem)
{
	struct chunk *c = mem_to_chunk(mem);

	if (!chunk_is(c, CHUNK_CACHED))
		malloc_panic("corrupted cached chunk", mem);
	if (chunk_bytes(c) > QUICK_MAX_CHUNK)
		arena_free(a, c, CHUNK_CACHED);
	else
		quick_push(a, c);
}

static bool has_aged(struct tcache *tc, const struct arena *a)
{
	size_t used = arena_bytes_in_use(a);

	tc->peak_bytes = max_size(tc->peak_bytes, used);
	if (tc->missed_bytes < AGE_SHARE * tc->peak_bytes + AGE_MIN_BYTES)
		return false;
	tc->missed_bytes = 0;
	tc->peak_bytes = used;
	return true;
}

/*
 * Free @nr cached chunks, one arena after the other, so that each lock is
 * taken once however the chunks are mixed. One that is to be drained, or NULL.
 */
static struct arena *flush_slots(void **slots, size_t nr)
{
	struct arena *draining = NULL;

	while (nr > 0) {
		struct arena *a = chunk_arena(mem_to_chunk(slots[0]));
		size_t others = 0;

		arena_lock_this(a);
		for (size_t i = 0; i < nr; i++)
			if (chunk_arena(mem_to_chunk(slots[i])) == a)
				flush_chunk(a, slots[i]);
			else
				slots[others++] = slots[i];
		if (release_idle(a) || has_aged(tcache, a))
			draining = a;
		arena_unlock(a);
		nr = others;
	}
	return draining;
}

static void **bottom_of(struct tcache *tc, unsigned int i)
{
	return tc->bins[i].limit - nr_slots(i) + 1;
}

size_t tcache_bytes(void)
{
	struct tcache *tc = tcache;
	size_t bytes = tc->medium_bytes;

	for (unsigned int i = CHUNK_MIN / CHUNK_ALIGN;
	     tc != &tcache_none && i < NR_SMALL_BINS; i++)
		bytes += (tc->bins[i].last + 1 - bottom_of(tc, i)) * i *
			 CHUNK_ALIGN;
	return bytes;
}

/* Give back the older chunks of bin @i, all but @keep; the newest are warm. */
static struct arena *flush_bin(struct tcache *tc, unsigned int i, size_t keep)
{
	struct tcache_bin *bin = &tc->bins[i];
	void **bottom = bottom_of(tc, i);
	size_t nr = bin->last + 1 - bottom;
	struct arena *draining;

	if (nr <= keep)
		return NULL;
	nr -= keep;
	for (size_t n = 0; i >= NR_SMALL_BINS && n < nr; n++)
		tc->medium_bytes -= chunk_bytes(mem_to_chunk(bottom[n]));
	draining = flush_slots(bottom, nr);
	for (size_t n = 0; n < keep; n++)
		bottom[n] = bottom[n + nr];
	bin->last -= nr;
	return draining;
}

static struct arena *flush_from(struct tcache *tc, unsigned int i)
{
	struct arena *draining = NULL, *a;

	for (; i < NR_TCACHE_BINS; i++) {
		a = flush_bin(tc, i, 0);
		draining = a ? a : draining;
	}
	return draining;
}

bool tcache_put(struct chunk *c)
{
	struct tcache *tc = tcache_get();
	size_t bytes = chunk_bytes(c);
	struct arena *draining = NULL;
	struct tcache_bin *bin;

	if (!tc || bytes > MEDIUM_MAX_BYTES)
		return false;
	bin = tcache_bin(tc, bytes);
	if (bin->last == bin->limit)
		draining = flush_bin(tc, bin - tc->bins,
				    nr_slots(bin - tc->bins) / 2);
	chunk_change(c, CHUNK_IN_USE, CHUNK_CACHED);
	*++bin->last = chunk_to_mem(c);
	if (bytes > SMALL_MAX_BYTES)
		tc->medium_bytes += bytes;
	if (tc->medium_bytes > MEDIUM_LIMIT_BYTES)
		draining = flush_from(tc, NR_SMALL_BINS);
	if (draining)
		tcache_drain(draining);
	return true;
}

void tcache_flush(void)
{
	if (tcache != &tcache_none)
		flush_from(tcache, CHUNK_MIN / CHUNK_ALIGN);
}

void tcache_drain(struct arena *a)
{
	bool emptied;

	tcache_flush();
	arena_lock_this(a);
	emptied = release_drained(a);
	arena_unlock(a);
	if (emptied)
		keep_flush();
}

void __malloc_thread_exit(void)
{
	struct tcache *tc = tcache;

	if (tc == &tcache_none)
		return;
	tcache_flush();
	tcache = &tcache_none;
	port_unmap(tc, lay_out(&tcache_none));
}

void tcache_reconsider(void)
{
	if (!cache_wanted())
		__malloc_thread_exit();
}

void tcache_abandon(void)
{
	tcache = &tcache_none;
}
