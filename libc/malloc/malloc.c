/*
 * malloc.c - malloc and free as programs call them.
 *
 *	malloc(n)  cached chunk of the size?             -> done, no lock
 *	           n >= mmap_threshold                   -> map.c
 *	           else refill the cache, or allocate    -> tcache.c, arena.c
 *	free(p)    header proves itself and cache has room -> done, no lock
 *	           mapped                                -> map.c
 *	           small, but there is no room for it    -> tcache.c, to wait: quick.c
 *	           else merge with the neighbours        -> arena.c
 *
 * Instructions for malloc(32) and its free, by callgrind, gcc 12 -O2: 43,
 * all checks included, in the shared library and linked statically alike.
 * glibc 2.36 takes 129 for the pair, its newest version 60.
 */
#include "../include/malloc.h"

#include "check.h"
#include "heap.h"
#include "tcache.h"

/* The smallest request whose chunk is not rounded up to CHUNK_MIN. */
#define TINY_REQUEST	(CHUNK_MIN - CHUNK_OVERHEAD - CHUNK_ALIGN + 1)

/* Out of line, so that the fast path saves no registers for it. */
static __attribute__((noinline)) void *malloc_slow(size_t n)
{
	return n < TINY_REQUEST ? malloc(TINY_REQUEST) : heap_alloc(n, CHUNK_ALIGN, false);
}

void *malloc(size_t n)
{
	struct tcache_bin *bin;
	struct chunk *c;
	void **last, *mem;

	if (unlikely(n > SMALL_MAX_REQUEST))
		return malloc_slow(n);
	/* Not request_bytes(): bin 1 is empty, so a tiny one ends up above. */
	bin = &tcache->bins[(n + CHUNK_OVERHEAD + CHUNK_ALIGN - 1) / CHUNK_ALIGN];
	last = bin->last;
	mem = *last;
	if (unlikely(!mem))
		return malloc_slow(n);
	bin->last = last - 1;
	c = mem_to_chunk(mem);
	store_u32(&c->tag, load_u32(&c->tag) ^ malloc_keys.state[CHUNK_CACHED]);
	return mem;
}

void free(void *mem)
{
	struct tcache_bin *bin;
	uint32_t size, hash;
	struct chunk *c;

	if (unlikely(!mem))
		return;
	c = mem_to_chunk(mem);
	size = load_u32(&c->size);
	hash = chunk_hash(mem, size);
	if (likely(hash == load_u32(&c->tag) && size <= (SMALL_MAX_BYTES | SIZE_FLAGS))) {
		bin = &tcache->bins[(size & ~SIZE_FLAGS) / CHUNK_ALIGN];
		if (likely(bin->last != bin->limit)) {
			*++bin->last = mem;
			store_u32(&c->tag, hash ^ malloc_keys.state[CHUNK_CACHED]);
			return;
		}
	}
	heap_free(mem);
}

/* @nr * @bytes; if that does not fit, more than there can be. */
static size_t product(size_t nr, size_t bytes)
{
	size_t n;

	return __builtin_mul_overflow(nr, bytes, &n) ? SIZE_MAX : n;
}

void *calloc(size_t nr, size_t bytes)
{
	size_t n = product(nr, bytes);
	void *mem;

	if (n > SMALL_MAX_REQUEST)
		return heap_alloc(n, CHUNK_ALIGN, true);
	mem = malloc(n);
	return mem ? __builtin_memset(mem, 0, n) : NULL;
}

void *reallocarray(void *mem, size_t nr, size_t bytes)
{
	return realloc(mem, product(nr, bytes));
}

/*
 * The caller knows the size: if the header disagrees, one of them is wrong. A small
 * chunk is hardly longer than it has to be; of others only too much is noticed.
 */
void free_sized(void *mem, size_t n)
{
	size_t usable = malloc_usable_size(mem);

	if (mem && (n > usable || (usable <= SMALL_MAX_REQUEST && n + 2 * CHUNK_MIN < usable)))
		malloc_panic("wrong size in free_sized", mem);
	free(mem);
}

void free_aligned_sized(void *mem, size_t alignment, size_t n)
{
	if (alignment && (uintptr_t)mem % alignment)
		malloc_panic("wrong alignment in free_aligned_sized", mem);
	free_sized(mem, n);
}
