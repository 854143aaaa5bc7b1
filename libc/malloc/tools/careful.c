/*
 * careful.c - filling blocks, and making freed ones wait.
 *
 * The quarantine is a ring outside the heap. A chunk in it is in the state of
 * a cached one: free, never merged, and a second free of it is found out.
 */
#include "careful.h"

#include "../arena.h"
#include "../check.h"
#include "../heap.h"
#include "../options.h"

#define RING_SLOTS	2048UL
#define LEAD_MAX_BYTES	512

/* Guarded by the lock of the main arena. */
static struct {
	size_t first, nr;	/* of the slots that are taken */
	size_t bytes;		/* sum of the sizes of the chunks in them */
	struct chunk *ring[RING_SLOTS];
} quarantine;

/* The byte that fills freed blocks; -1: none does. */
static int free_fill(void)
{
	if (malloc_options.zero)
		return 0;
	return malloc_options.perturb ? (int)malloc_options.perturb : -1;
}

size_t careful_lead(void)
{
	return malloc_random() % LEAD_MAX_BYTES & ~(CHUNK_ALIGN - 1);
}

void careful_fill_new(void *mem, size_t n)
{
	__builtin_memset(mem, malloc_options.perturb ^ 0xff, n);
}

/* Nobody may have written to @c since it was freed. */
static void verify(struct chunk *c)
{
	size_t bytes = chunk_bytes(c) - CHUNK_OVERHEAD;
	const unsigned char *mem = chunk_to_mem(c);
	int fill = free_fill();

	if (!chunk_is(c, CHUNK_CACHED))
		malloc_panic("corrupted cached chunk", mem);
	for (size_t i = 0; fill >= 0 && i < bytes; i++)
		if (mem[i] != fill)
			malloc_panic("written after free", mem + i);
}

/* Caller holds the lock; there is a free slot. */
static void put(struct chunk *c)
{
	if (!chunk_is(c, CHUNK_IN_USE))		/* another thread was faster */
		malloc_panic("double free", chunk_to_mem(c));
	chunk_change(c, CHUNK_IN_USE, CHUNK_CACHED);
	quarantine.ring[(quarantine.first + quarantine.nr++) % RING_SLOTS] = c;
	quarantine.bytes += chunk_bytes(c);
}

/*
 * Put @c in, if it is not NULL. If more than @most bytes wait then, or the ring
 * is full, the oldest one has to leave; else NULL.
 */
static struct chunk *exchange(struct chunk *c, size_t most)
{
	struct chunk *oldest = NULL;

	port_lock(&main_arena.lock);
	if (c)
		put(c);
	if (quarantine.bytes > most || quarantine.nr == RING_SLOTS) {
		oldest = quarantine.ring[quarantine.first];
		quarantine.first = (quarantine.first + 1) % RING_SLOTS;
		quarantine.nr--;
		quarantine.bytes -= chunk_bytes(oldest);
	}
	port_unlock(&main_arena.lock);
	return oldest;
}

/* Put @c in, if it is not NULL, and free the oldest ones as long as they must. */
static void pass_through(struct chunk *c, size_t most)
{
	struct chunk *out = exchange(c, most);

	for (; out; out = exchange(NULL, most)) {
		if (out != c)	/* that one has not waited */
			verify(out);
		heap_give_back(out, CHUNK_CACHED);
	}
}

void careful_free(struct chunk *c)
{
	int fill = free_fill();

	if (fill >= 0)
		__builtin_memset(chunk_to_mem(c), fill,
				 chunk_bytes(c) - CHUNK_OVERHEAD);
	pass_through(c, malloc_options.quarantine);
}

void careful_flush(void)
{
	if (!malloc_is_broken)
		pass_through(NULL, 0);
}
