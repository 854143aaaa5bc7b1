/*
 * tcache.c - filling and emptying a thread's cache, many chunks per lock.
 */
#include "tcache.h"

#include "arena.h"
#include "check.h"
#include "event.h"
#include "release.h"
#include "top.h"

/* Bytes that one bin may hold, within limits on the number of chunks. */
#define BIN_BYTES	16384UL
#define BIN_MIN_SLOTS	8UL
#define BIN_MAX_SLOTS	128UL

#define BATCH_FIRST	4	/* chunks in a bin's first refill; then doubled */

/* Of chunks too large for a bin, together. */
#define MEDIUM_LIMIT_BYTES	(512 * 1024UL)

static void *no_slot;		/* always NULL: below and above nothing */

struct tcache tcache_none = {
	.bins = { [0 ... NR_TCACHE_BINS - 1] = { &no_slot, &no_slot } },
	.arena = &main_arena,
};

PORT_THREAD_LOCAL struct tcache *tcache = &tcache_none;

static size_t bin_slots(size_t bytes)
{
	size_t slots = BIN_BYTES / bytes;

	if (slots < BIN_MIN_SLOTS)
		return BIN_MIN_SLOTS;
	return slots < BIN_MAX_SLOTS ? slots : BIN_MAX_SLOTS;
}

static size_t tcache_bytes(void)
{
	size_t slots = 0;

	for (size_t b = CHUNK_MIN; b <= TCACHE_MAX_BYTES; b += CHUNK_ALIGN)
		slots += 1 + bin_slots(b);
	return page_align_up(sizeof(struct tcache) + slots * sizeof(void *));
}

static void tcache_init(struct tcache *tc)
{
	void **slot = tc->slots;

	tc->arena = &main_arena;
	for (unsigned int i = 0; i < CHUNK_MIN / CHUNK_ALIGN; i++)
		tc->bins[i] = tcache_none.bins[i];
	for (size_t b = CHUNK_MIN; b <= TCACHE_MAX_BYTES; b += CHUNK_ALIGN) {
		tc->bins[b / CHUNK_ALIGN].last = slot;
		slot += bin_slots(b);
		tc->bins[b / CHUNK_ALIGN].limit = slot++;
		tc->batch[b / CHUNK_ALIGN] = BATCH_FIRST;
	}
}

static bool cache_wanted(void)
{
	return malloc_options.cache && !malloc_options.perturb &&
	       !malloc_event_hook && !malloc_is_broken;
}

struct tcache *tcache_get(void)
{
	struct tcache *tc = tcache;

	if (tc != &tcache_none)
		return tc;
	if (!cache_wanted())
		return NULL;
	tc = port_map(NULL, 0, tcache_bytes());
	if (!tc)
		return NULL;
	tcache_init(tc);
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

void *tcache_refill(struct tcache *tc, size_t bytes)
{
	struct tcache_bin *bin = &tc->bins[bytes / CHUNK_ALIGN];
	uint8_t *batch = &tc->batch[bytes / CHUNK_ALIGN];
	void *run[BIN_MAX_SLOTS / 2];
	size_t room = bin->limit - bin->last;
	struct arena *a = arena_lock();
	struct chunk *c;
	unsigned int nr;

	/* aligned_alloc(16) comes here without having looked into the bin. */
	c = arena_alloc_run(a, bytes, room < *batch ? room + 1 : *batch, run,
			    &nr);
	arena_unlock(a);
	while (nr > 0)		/* so that the lowest address comes out first */
		*++bin->last = run[--nr];
	if (*batch * 2UL <= bin_slots(bytes) / 2)
		*batch *= 2;
	return c ? chunk_to_mem(c) : NULL;
}

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

/*
 * Free @nr cached chunks, one arena after the other, so that each lock is
 * taken once however the chunks are mixed. One that wants draining, or NULL.
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
		if (quick_is_full(a))
			quick_sweep(a);
		if (arena_is_draining(a))
			draining = a;
		arena_unlock(a);
		nr = others;
	}
	return draining;
}

/* Give back the oldest @nr chunks of a bin; the newest are warm. */
static struct arena *flush_oldest(struct tcache_bin *bin, void **bottom,
				  size_t nr)
{
	size_t keep = bin->last - bottom + 1 - nr;
	struct arena *draining = flush_slots(bottom, nr);

	for (size_t i = 0; i < keep; i++)
		bottom[i] = bottom[i + nr];
	bin->last -= nr;
	return draining;
}

static void **bin_bottom(struct tcache_bin *bin, size_t bytes)
{
	return bin->limit - bin_slots(bytes) + 1;
}

static struct medium_class *medium_class(struct tcache *tc, size_t bytes)
{
	return &tc->medium[bin_index(bytes) - NR_EXACT_BINS];
}

/* Take entry @i out of @m; the newer ones move down. */
static void *medium_remove(struct tcache *tc, struct medium_class *m,
			   unsigned int i)
{
	void *mem = m->mem[i];

	tc->medium_bytes -= m->bytes[i];
	for (m->nr--; i < m->nr; i++) {
		m->mem[i] = m->mem[i + 1];
		m->bytes[i] = m->bytes[i + 1];
	}
	return mem;
}

void *tcache_take_medium(size_t bytes)
{
	struct medium_class *m = medium_class(tcache, bytes);
	unsigned int i = m->nr;
	void *mem;

	while (i > 0 && m->bytes[i - 1] < bytes)
		i--;
	if (!i)
		return NULL;
	mem = medium_remove(tcache, m, i - 1);
	chunk_change(mem_to_chunk(mem), CHUNK_CACHED, CHUNK_IN_USE);
	return mem;
}

static void flush_medium(struct tcache *tc)
{
	for (unsigned int i = 0; i < NR_MEDIUM_CLASSES; i++) {
		flush_slots(tc->medium[i].mem, tc->medium[i].nr);
		tc->medium[i].nr = 0;
	}
	tc->medium_bytes = 0;
}

static void put_medium(struct tcache *tc, struct chunk *c, size_t bytes)
{
	struct medium_class *m = medium_class(tc, bytes);
	struct arena *draining = NULL;
	void *oldest;

	if (m->nr == MEDIUM_SLOTS) {
		oldest = medium_remove(tc, m, 0);
		draining = flush_slots(&oldest, 1);
	}
	chunk_change(c, CHUNK_IN_USE, CHUNK_CACHED);
	m->mem[m->nr] = chunk_to_mem(c);
	m->bytes[m->nr++] = bytes;
	tc->medium_bytes += bytes;
	if (tc->medium_bytes > MEDIUM_LIMIT_BYTES)
		flush_medium(tc);
	if (draining)
		tcache_drain(draining);
}

bool tcache_put(struct chunk *c)
{
	struct tcache *tc = tcache_get();
	size_t bytes = chunk_bytes(c);
	struct arena *draining = NULL;
	struct tcache_bin *bin;

	if (!tc || bytes > MEDIUM_MAX_BYTES)
		return false;
	if (bytes > TCACHE_MAX_BYTES) {
		put_medium(tc, c, bytes);
		return true;
	}
	bin = &tc->bins[bytes / CHUNK_ALIGN];
	if (bin->last == bin->limit)
		draining = flush_oldest(bin, bin_bottom(bin, bytes),
					bin_slots(bytes) / 2);
	chunk_change(c, CHUNK_IN_USE, CHUNK_CACHED);
	*++bin->last = chunk_to_mem(c);
	if (draining)
		tcache_drain(draining);
	return true;
}

void tcache_flush(void)
{
	struct tcache *tc = tcache;

	if (tc == &tcache_none)
		return;
	flush_medium(tc);
	for (size_t b = CHUNK_MIN; b <= TCACHE_MAX_BYTES; b += CHUNK_ALIGN) {
		struct tcache_bin *bin = &tc->bins[b / CHUNK_ALIGN];
		void **bottom = bin_bottom(bin, b);

		flush_oldest(bin, bottom, bin->last - bottom + 1);
	}
	for (int i = 0; i < NR_ARENAS; i++) {
		arena_lock_this(&malloc_arenas[i]);
		quick_sweep(&malloc_arenas[i]);
		arena_unlock(&malloc_arenas[i]);
	}
}

void tcache_drain(struct arena *a)
{
	tcache_flush();
	arena_lock_this(a);
	arena_drain(a);
	arena_unlock(a);
}

void __malloc_thread_exit(void)
{
	struct tcache *tc = tcache;

	if (tc == &tcache_none)
		return;
	tcache_flush();
	tcache = &tcache_none;
	port_unmap(tc, tcache_bytes());
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
