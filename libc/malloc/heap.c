/*
 * heap.c - choosing where a request goes: cache, arena or mapping.
 */
#include "heap.h"

#include "arena.h"
#include "check.h"
#include "event.h"
#include "map.h"
#include "options.h"
#include "recycle.h"
#include "release.h"
#include "tcache.h"
#include "top.h"

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool heap_wants_mapping(size_t n)
{
	/* glibc compares the chunk, so its line is at 131049, not 131072 */
	if (malloc_options.mode == MALLOC_MODE_GLIBC)
		n = request_bytes(n);
	return n >= malloc_options.mmap_threshold && map_allowed();
}

/* M_PERTURB: make the use of uninitialised or freed memory visible. */
static void *perturbed(struct chunk *c, unsigned char byte)
{
	void *mem = chunk_to_mem(c);

	if (unlikely(malloc_options.perturb))
		__builtin_memset(mem, byte, chunk_bytes(c) - CHUNK_OVERHEAD);
	return mem;
}

/* glibc mode: even a large request takes a free chunk or top if one fits. */
static void *alloc_without_growing(size_t bytes)
{
	struct arena *a = arena_lock();
	struct chunk *c = arena_alloc_present(a, bytes);

	arena_unlock(a);
	return c ? chunk_to_mem(c) : NULL;
}

static void *alloc_mapped(size_t n, bool zeroed)
{
	void *mem = NULL;

	if (malloc_options.mode == MALLOC_MODE_GLIBC && !malloc_is_broken)
		mem = alloc_without_growing(request_bytes(n));
	if (mem && zeroed)
		__builtin_memset(mem, 0, n);
	return mem ? mem : map_alloc(n, CHUNK_ALIGN, zeroed);
}

static void *alloc_from_arena(size_t bytes)
{
	struct arena *a = arena_lock();
	struct chunk *c = arena_alloc(a, bytes);

	if (c)
		malloc_event(MALLOC_EVENT_ALLOC, chunk_to_mem(c),
			     chunk_bytes(c));
	arena_unlock(a);
	return c ? perturbed(c, malloc_options.perturb ^ 0xff) : NULL;
}

void *heap_alloc(size_t n)
{
	bool mapping;
	struct tcache *tc;
	void *mem = NULL;
	size_t bytes;

	malloc_ensure_started();
	if (n > PTRDIFF_MAX)
		return NULL;
	mapping = heap_wants_mapping(n) || malloc_is_broken;
	if (mapping)
		mem = alloc_mapped(n, false);
	if (mem || malloc_is_broken)
		return mem;
	bytes = request_bytes(n);
	tc = bytes <= TCACHE_MAX_BYTES ? tcache_get() : NULL;
	mem = tc ? tcache_refill(tc, bytes) : alloc_from_arena(bytes);
	if (!mem && !mapping)
		mem = map_alloc(n, CHUNK_ALIGN, false);
	return mem;
}

/*
 * Above its clean mark, top reads as zero: what is carved from there needs
 * clearing only below the mark, and keeps its pages untouched.
 */
static void *arena_alloc_zeroed(size_t bytes)
{
	struct arena *a = arena_lock();
	struct chunk *top = a->top;
	char *clean = a->clean;
	struct chunk *c = arena_alloc(a, bytes);
	size_t dirty;
	void *mem;

	arena_unlock(a);
	if (!c)
		return NULL;
	mem = chunk_to_mem(c);
	dirty = chunk_bytes(c) - CHUNK_OVERHEAD;
	if (c == top)
		dirty = clean > (char *)mem ? min_size(dirty,
						      clean - (char *)mem) : 0;
	return __builtin_memset(mem, 0, dirty);
}

void *heap_alloc_zeroed(size_t n)
{
	void *mem = NULL;
	size_t bytes;

	malloc_ensure_started();
	if (n > PTRDIFF_MAX)
		return NULL;
	bytes = request_bytes(n);
	if (heap_wants_mapping(n) || malloc_is_broken)
		mem = alloc_mapped(n, true);
	else if (bytes > TCACHE_MAX_BYTES && !malloc_event_hook)
		mem = arena_alloc_zeroed(bytes);
	if (mem)
		return mem;
	mem = heap_alloc(n);
	return mem ? __builtin_memset(mem, 0, n) : NULL;
}

struct chunk *heap_chunk(void *mem)
{
	struct chunk *c = mem_to_chunk(mem);

	if ((uintptr_t)mem % CHUNK_ALIGN ||
	    (!chunk_is(c, CHUNK_IN_USE) && !mapped_chunk_is_valid(c)))
		malloc_panic_bad_pointer(mem);
	return c;
}

void heap_free(void *mem)
{
	struct chunk *c = heap_chunk(mem);
	bool draining;
	struct arena *a;

	if (chunk_is_mapped(c)) {
		map_free(c);
		return;
	}
	if (malloc_is_broken)
		return;
	perturbed(c, malloc_options.perturb);
	if (tcache_put(c))
		return;
	a = chunk_arena(c);
	arena_lock_this(a);
	if (!chunk_is(c, CHUNK_IN_USE))
		malloc_panic("double free", mem);	/* by another thread */
	malloc_event(MALLOC_EVENT_FREE, mem, chunk_bytes(c));
	arena_free(a, c, CHUNK_IN_USE);
	draining = arena_is_draining(a);
	arena_unlock(a);
	if (draining)
		tcache_drain(a);
}

size_t heap_usable(void *mem)
{
	struct chunk *c = heap_chunk(mem);

	if (chunk_is_mapped(c))
		return mapped_usable(c);
	return chunk_bytes(c) - CHUNK_OVERHEAD;
}

bool heap_trim(size_t pad)
{
	bool released = false;

	malloc_ensure_started();
	if (malloc_is_broken)
		return false;
	tcache_flush();
	released = recycle_flush();
	for (int i = 0; i < NR_ARENAS; i++) {
		struct arena *a = &malloc_arenas[i];

		arena_lock_this(a);
		released |= arena_decommit(a, PORT_PAGE_BYTES);
		released |= top_trim(a, pad);
		a->swings = 0;
		arena_unlock(a);
	}
	return released;
}
