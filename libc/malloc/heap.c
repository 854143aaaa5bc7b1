/*
 * heap.c - choosing where a request goes: cache, arena or mapping.
 */
#include "heap.h"

#include "arena.h"
#include "check.h"
#include "keep.h"
#include "map.h"
#include "release.h"
#include "tcache.h"
#include "tools/careful.h"
#include "tools/event.h"
#include "top.h"

/* Larger ones would leave holes in regions of at most CHUNK_MAX. */
#define HEAP_MAX_REQUEST	(CHUNK_MAX / 4)

inline bool heap_wants_mapping(size_t n)
{
	/* glibc compares the chunk, so its line is at 131049, not 131072 */
	if (malloc_options.mode == MALLOC_MODE_GLIBC)
		n = request_bytes(n);
	return n > HEAP_MAX_REQUEST || (n >= option_load(&malloc_options.mmap_threshold) &&
		option_load(&malloc_map_stats.nr) < malloc_options.mmap_max);
}

static void *alloc_from_arena(struct arena *a, size_t bytes, size_t alignment, bool zeroed,
			      bool grow)
{
	struct chunk *top, *c;
	char *clean, *mem;
	size_t dirty;

	a = a ?: &main_arena;
	port_lock(&a->lock);
	top = a->top;
	clean = a->clean;
	c = arena_alloc(a, bytes, alignment, grow);
	mem = c ? chunk_to_mem(c) : NULL;
	if (c)
		malloc_event(MALLOC_EVENT_ALLOC, mem, chunk_bytes(c));
	port_unlock(&a->lock);
	if (!c || !zeroed)
		return mem;
	dirty = chunk_bytes(c) - CHUNK_OVERHEAD;
	if (c == top)		/* from its clean mark on top reads as zero */
		dirty = clean > mem ? min_size(dirty, clean - mem) : 0;
	return __builtin_memset(mem, 0, dirty);
}

static inline void *alloc(size_t n, size_t alignment, bool zeroed)
{
	bool mapping = heap_wants_mapping(alignment > CHUNK_ALIGN ? n + alignment : n);
	size_t bytes = request_bytes(n);
	void *mem = NULL;

	if (malloc_is_broken)
		return map_alloc(n, alignment, zeroed);
	/* glibc's large requests, too, take a free chunk or top if one fits. */
	if (mapping && malloc_options.mode == MALLOC_MODE_GLIBC)
		mem = alloc_from_arena(tcache->arena, bytes, alignment, zeroed, false);
	if (!mem && mapping)
		mem = map_alloc(n, alignment, zeroed);
	if (!mem && bytes <= MEDIUM_MAX_BYTES) {
		mem = tcache_alloc(bytes, alignment);
		if (mem && zeroed)
			return __builtin_memset(mem, 0, n);
	}
	mem = mem ?: alloc_from_arena(tcache->arena, bytes, alignment, zeroed, true);
	mem = mem ?: map_alloc(n, alignment, zeroed);
	/* The system has no more; but some arena that other threads have left may. */
	for (struct arena *a = malloc_arenas; !mem && a < malloc_arenas + NR_ARENAS; a++)
		mem = alloc_from_arena(a, bytes, alignment, zeroed, false);
	return mem;
}

/*
 * Give back what nobody uses, and the pages of free chunks of at least @min_bytes. Of
 * those below PURGE_CHUNK_BYTES it is not recorded what went back: they go each time.
 */
static bool trim_all(size_t pad, size_t min_bytes)
{
	bool released = false;

	tcache_trim();
	while (keep_flush(true))
		released = true;
	for (struct arena *a = malloc_arenas; a < malloc_arenas + NR_ARENAS; a++) {
		port_lock(&a->lock);
		quick_sweep(a);
		released |= release_pages(a, min_bytes) | top_trim(a, pad);
		a->release = (struct release){ 0 };
		port_unlock(&a->lock);
	}
	return released;
}

void *heap_alloc(size_t n, size_t alignment, bool zeroed)
{
	bool again = max_size(n, alignment) <= HEAP_MAX_REQUEST && !malloc_is_broken;
	void *mem = NULL;

	malloc_ensure_started();
	while (n <= PTRDIFF_MAX && alignment <= PTRDIFF_MAX - n &&
	       !(mem = alloc(n, alignment, zeroed)) && again) {
		trim_all(0, PURGE_CHUNK_BYTES);	/* what waits or is kept may do */
		again = false;
	}
	if (!mem)
		port_errno(PORT_ENOMEM);
	else if (malloc_options.perturb && !zeroed)
		careful_fill_new(mem, n);
	return mem;
}

struct chunk *heap_chunk(void *mem)
{
	struct chunk *c = mem_to_chunk(mem);

	malloc_ensure_started();	/* without keys zeros prove themselves */
	if ((uintptr_t)mem % CHUNK_ALIGN ||
	    !(chunk_is_mapped(c) ? mapped_chunk_is_valid(c) : chunk_is(c, CHUNK_IN_USE)))
		malloc_panic_bad_pointer(mem);
	return c;
}

void heap_give_back(struct chunk *c, enum chunk_state state)
{
	struct arena *a = chunk_arena(c);
	bool draining;

	port_lock(&a->lock);
	if (!chunk_is(c, state))	/* another thread was faster */
		malloc_panic("double free", chunk_to_mem(c));
	malloc_event(MALLOC_EVENT_FREE, chunk_to_mem(c), chunk_bytes(c));
	a->release.freed += chunk_bytes(c);
	arena_free(a, c, state);
	draining = release_idle(a);
	port_unlock(&a->lock);
	if (draining)
		tcache_drain();
}

void heap_free(void *mem)
{
	struct chunk *c = heap_chunk(mem);

	if (chunk_is_mapped(c))
		map_free(c);
	else if (options_careful() && !malloc_is_broken)
		careful_free(c);
	else if (!malloc_is_broken && !tcache_put(c))
		heap_give_back(c, CHUNK_IN_USE);
}

size_t malloc_usable_size(void *mem)
{
	struct chunk *c = mem ? heap_chunk(mem) : NULL;

	return !c ? 0 : chunk_is_mapped(c) ? mapped_usable(c) : chunk_bytes(c) - CHUNK_OVERHEAD;
}

int malloc_trim(size_t pad)
{
	malloc_ensure_started();
	return !malloc_is_broken && trim_all(pad, PORT_PAGE_BYTES);
}
