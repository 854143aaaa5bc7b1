/*
 * careful.c - filling blocks, and making freed ones wait.
 *
 * The quarantine is a ring outside the heap. A chunk in it is in the state of
 * a cached one: free, never merged, and a second free of it is found out.
 */
#include "careful.h"

#include "check.h"
#include "heap.h"
#include "options.h"

#define RING_SLOTS	4096UL
#define RING_BYTES	(RING_SLOTS * sizeof(struct chunk *))

static struct {
	port_lock_t lock;
	struct chunk **ring;	/* RING_SLOTS; NULL: not made yet */
	size_t first, nr;
	size_t bytes;
} quarantine;

void careful_lock(void)
{
	port_lock(&quarantine.lock, true);
}

void careful_unlock(void)
{
	port_unlock(&quarantine.lock);
}

static unsigned char free_fill(void)
{
	return malloc_options.zero ? 0 : malloc_options.perturb;
}

static bool fills(void)
{
	return malloc_options.zero || malloc_options.perturb;
}

static size_t user_bytes(const struct chunk *c)
{
	return chunk_bytes(c) - CHUNK_OVERHEAD;
}

void careful_fill_new(void *mem, size_t n)
{
	if (malloc_options.perturb)
		__builtin_memset(mem, malloc_options.perturb ^ 0xff, n);
}

/* Nobody may have written to @c since it was freed. */
static void verify(struct chunk *c)
{
	const unsigned char *mem = chunk_to_mem(c);

	if (!chunk_is(c, CHUNK_CACHED))
		malloc_panic("corrupted cached chunk", mem);
	for (size_t i = 0; fills() && i < user_bytes(c); i++)
		if (mem[i] != free_fill())
			malloc_panic("written after free", mem + i);
}

static bool make_ring(void)
{
	if (!quarantine.ring)
		quarantine.ring = port_map(NULL, 0, RING_BYTES);
	return quarantine.ring;
}

static struct chunk *take_oldest(void)
{
	struct chunk *oldest = quarantine.ring[quarantine.first];

	quarantine.first = (quarantine.first + 1) % RING_SLOTS;
	quarantine.nr--;
	quarantine.bytes -= chunk_bytes(oldest);
	return oldest;
}

/* Put @c in; the one that has to leave for it, or NULL. */
static struct chunk *exchange(struct chunk *c)
{
	size_t last = (quarantine.first + quarantine.nr) % RING_SLOTS;

	if (!chunk_is(c, CHUNK_IN_USE))
		malloc_panic("double free", chunk_to_mem(c));
	chunk_change(c, CHUNK_IN_USE, CHUNK_CACHED);
	quarantine.ring[last] = c;
	quarantine.nr++;
	quarantine.bytes += chunk_bytes(c);
	if (quarantine.bytes <= malloc_options.quarantine &&
	    quarantine.nr < RING_SLOTS)
		return NULL;
	return take_oldest();
}

void careful_free(struct chunk *c)
{
	bool waits;

	if (fills())
		__builtin_memset(chunk_to_mem(c), free_fill(), user_bytes(c));
	careful_lock();
	waits = malloc_options.quarantine && make_ring();
	if (waits)
		c = exchange(c);
	careful_unlock();
	if (!waits) {
		heap_give_back(c, CHUNK_IN_USE);
	} else if (c) {
		verify(c);
		heap_give_back(c, CHUNK_CACHED);
	}
}

void careful_flush(void)
{
	struct chunk *c;

	if (malloc_is_broken)
		return;
	do {
		careful_lock();
		c = quarantine.nr ? take_oldest() : NULL;
		if (!c && quarantine.ring) {
			port_unmap(quarantine.ring, RING_BYTES);
			quarantine.ring = NULL;
		}
		careful_unlock();
		if (c) {
			verify(c);
			heap_give_back(c, CHUNK_CACHED);
		}
	} while (c);
}
