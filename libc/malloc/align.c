/*
 * align.c - memory at a multiple of more than sixteen.
 */
#include "heap.h"

#include "../include/malloc.h"
#include "arena.h"
#include "check.h"
#include "map.h"
#include "options.h"

#define EINVAL	22
#define ENOMEM	12

static bool is_power_of_two(size_t x)
{
	return x && !(x & (x - 1));
}

/*
 * Cut an aligned chunk out of @c, which is long enough for any placement:
 *
 *	c                    aligned
 *	| lead, freed        | header | mem ...      | tail, freed |
 *
 * The lead is empty or large enough to be a chunk of its own.
 */
static struct chunk *cut_aligned(struct arena *a, struct chunk *c,
				 size_t bytes, size_t alignment)
{
	uintptr_t mem = (uintptr_t)chunk_to_mem(c);
	uintptr_t aligned = (mem + alignment - 1) & ~(alignment - 1);
	size_t total = chunk_bytes(c), lead;
	uint32_t prev_inuse = load_u32(&c->size) & PREV_INUSE;

	if (aligned != mem && aligned - mem < CHUNK_MIN)
		aligned += alignment;
	lead = aligned - mem;
	if (lead) {
		struct chunk *rest = chunk_at(c, lead);

		chunk_set(c, lead | a->flags | prev_inuse, CHUNK_IN_USE);
		chunk_set(rest, (total - lead) | a->flags | PREV_INUSE,
			  CHUNK_IN_USE);
		arena_free(a, c, CHUNK_IN_USE);
		c = rest;
	}
	arena_shrink(a, c, bytes);
	return c;
}

static void *alloc_aligned_from_arena(size_t bytes, size_t alignment)
{
	struct arena *a = arena_lock();
	struct chunk *c = arena_alloc(a, bytes + alignment + CHUNK_MIN);

	if (c)
		c = cut_aligned(a, c, bytes, alignment);
	arena_unlock(a);
	return c ? chunk_to_mem(c) : NULL;
}

void *heap_alloc_aligned(size_t n, size_t alignment)
{
	void *mem = NULL;
	size_t most;

	if (alignment <= CHUNK_ALIGN)
		return heap_alloc(n);
	malloc_ensure_started();
	if (n > PTRDIFF_MAX || alignment > PTRDIFF_MAX ||
	    __builtin_add_overflow(n, alignment, &most) || most > PTRDIFF_MAX)
		return NULL;
	if (!heap_wants_mapping(n) && !malloc_is_broken)
		mem = alloc_aligned_from_arena(request_bytes(n), alignment);
	return mem ? mem : map_alloc(n, alignment, false);
}

static void *aligned_or_errno(size_t alignment, size_t n)
{
	void *mem = heap_alloc_aligned(n, alignment);

	if (!mem)
		port_errno(ENOMEM);
	return mem;
}

/* The one that takes any alignment, and rounds it up to a power of two. */
void *memalign(size_t alignment, size_t n)
{
	size_t power = CHUNK_ALIGN;

	if (alignment > PTRDIFF_MAX) {
		port_errno(EINVAL);
		return NULL;
	}
	while (power < alignment)
		power *= 2;
	return aligned_or_errno(power, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	if (!is_power_of_two(alignment)) {
		port_errno(EINVAL);
		return NULL;
	}
	return aligned_or_errno(alignment, n);
}

int posix_memalign(void **result, size_t alignment, size_t n)
{
	void *mem;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return EINVAL;
	mem = heap_alloc_aligned(n, alignment);
	if (!mem)
		return ENOMEM;
	*result = mem;
	return 0;
}

void *valloc(size_t n)
{
	return aligned_or_errno(PORT_PAGE_BYTES, n);
}

void *pvalloc(size_t n)
{
	if (n > PTRDIFF_MAX) {
		port_errno(ENOMEM);
		return NULL;
	}
	n = (n + PORT_PAGE_BYTES - 1) & ~(PORT_PAGE_BYTES - 1);
	return aligned_or_errno(PORT_PAGE_BYTES, n);
}
