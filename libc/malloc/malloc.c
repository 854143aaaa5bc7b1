/*
 * malloc.c - malloc and free as programs call them.
 *
 *	malloc(n)  cached chunk of the size?             -> done, no lock
 *	           n >= mmap_threshold                   -> map.c
 *	           else refill the cache, or allocate    -> tcache.c, arena.c
 *	free(p)    header proves itself and cache has room -> done, no lock
 *	           mapped                                -> map.c
 *	           else merge with the neighbours        -> arena.c
 *
 * Instructions for malloc(32) and its free, by callgrind, gcc 12 -O2: 17 + 27,
 * all checks included, in the shared library and linked statically alike.
 * glibc 2.36 takes 129 for the pair, its newest version 60.
 */
#include "../include/malloc.h"

#include "check.h"
#include "heap.h"
#include "tcache.h"

#define ENOMEM	12	/* the number is part of the Linux ABI */

/* The smallest request whose chunk is not rounded up to CHUNK_MIN. */
#define TINY_REQUEST	(CHUNK_MIN - CHUNK_OVERHEAD - CHUNK_ALIGN + 1)

/* Out of line, so that the fast path saves no registers for it. */
static __attribute__((noinline)) void *malloc_slow(size_t n)
{
	void *mem = NULL;

	if (n < TINY_REQUEST)
		return malloc(TINY_REQUEST);
	if (n <= MEDIUM_MAX_REQUEST && n > TCACHE_MAX_REQUEST)
		mem = tcache_take_medium(request_bytes(n));
	if (mem)
		return mem;
	mem = heap_alloc(n);
	if (!mem)
		port_errno(ENOMEM);
	return mem;
}

void *malloc(size_t n)
{
	struct tcache_bin *bin;
	struct chunk *c;
	void **last, *mem;

	if (unlikely(n > TCACHE_MAX_REQUEST))
		return malloc_slow(n);
	/* Not request_bytes(): bin 1 is empty, so a tiny one ends up above. */
	bin = tcache_bin((n + CHUNK_OVERHEAD + CHUNK_ALIGN - 1) &
			 ~(CHUNK_ALIGN - 1));
	last = bin->last;
	mem = *last;
	if (unlikely(!mem))
		return malloc_slow(n);
	bin->last = last - 1;
	c = mem_to_chunk(mem);
	store_u32(&c->tag, load_u32(&c->tag) ^
			   malloc_keys.state[CHUNK_CACHED]);
	return mem;
}

void free(void *mem)
{
	struct tcache_bin *bin;
	uint32_t size, hash;
	struct chunk *c;
	void **last;

	if (unlikely(!mem))
		return;
	c = mem_to_chunk(mem);
	size = load_u32(&c->size);
	hash = chunk_hash(mem, size);
	if (unlikely(hash != load_u32(&c->tag) ||
		     size > (TCACHE_MAX_BYTES | SIZE_FLAGS))) {
		heap_free(mem);
		return;
	}
	bin = tcache_bin(size & ~SIZE_FLAGS);
	last = bin->last;
	if (unlikely(last == bin->limit)) {
		heap_free(mem);
		return;
	}
	last[1] = mem;
	bin->last = last + 1;
	store_u32(&c->tag, hash ^ malloc_keys.state[CHUNK_CACHED]);
}

void *calloc(size_t nr, size_t bytes)
{
	size_t n;
	void *mem;

	if (__builtin_mul_overflow(nr, bytes, &n)) {
		port_errno(ENOMEM);
		return NULL;
	}
	if (n <= TCACHE_MAX_REQUEST) {
		mem = malloc(n);
		return mem ? __builtin_memset(mem, 0, n) : NULL;
	}
	mem = heap_alloc_zeroed(n);
	if (!mem)
		port_errno(ENOMEM);
	return mem;
}

void *realloc(void *mem, size_t n)
{
	void *new;

	if (!mem)
		return malloc(n);
	if (!n) {
		free(mem);
		return NULL;
	}
	new = heap_realloc(mem, n);
	if (!new)
		port_errno(ENOMEM);
	return new;
}

void *reallocarray(void *mem, size_t nr, size_t bytes)
{
	size_t n;

	if (__builtin_mul_overflow(nr, bytes, &n)) {
		port_errno(ENOMEM);
		return NULL;
	}
	return realloc(mem, n);
}

/* The caller knows the size: if the header disagrees, one of them is wrong. */
void free_sized(void *mem, size_t n)
{
	if (mem && n > heap_usable(mem))
		malloc_panic("wrong size in free_sized", mem);
	free(mem);
}

void free_aligned_sized(void *mem, size_t alignment, size_t n)
{
	if (alignment && (uintptr_t)mem % alignment)
		malloc_panic("wrong alignment in free_aligned_sized", mem);
	free_sized(mem, n);
}

size_t malloc_usable_size(void *mem)
{
	return mem ? heap_usable(mem) : 0;
}

int malloc_trim(size_t pad)
{
	return heap_trim(pad);
}
