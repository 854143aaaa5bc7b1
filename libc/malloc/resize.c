/*
 * resize.c - realloc: in place where a neighbour, top or mremap allows.
 */
#include "heap.h"

#include "../include/malloc.h"
#include "arena.h"
#include "check.h"
#include "keep.h"
#include "map.h"
#include "options.h"

/* The last resort: a new place, a copy, and the old one freed. */
static void *move(void *mem, size_t n)
{
	void *new = malloc(n);

	if (!new)
		return NULL;
	__builtin_memcpy(new, mem, min_size(heap_usable(mem), n));
	free(mem);
	return new;
}

static void *realloc_mapped(struct chunk *c, size_t n)
{
	bool by_experience = malloc_options.mode == MALLOC_MODE_DEFAULT;
	void *mem = chunk_to_mem(c), *new = NULL;
	size_t usable = mapped_usable(c);

	if (n > usable) {
		/* Once grown it will grow again, into mere addresses. */
		if (by_experience)
			new = map_resize(c, keep_length(n + CHUNK_HEADER) -
					    CHUNK_HEADER);
		if (!new)
			new = map_resize(c, n);
		return new ? new : move(mem, n);
	}
	/* Not far below the threshold it would soon be mapped again. */
	if (by_experience && n < malloc_options.mmap_threshold / 2)
		new = move(mem, n);
	if (!new && n < usable / 2)
		new = map_resize(c, n);
	return new ? new : mem;
}

/* @c in its arena at @bytes, if need be a little further down; NULL: no. */
static struct chunk *resize(struct chunk *c, size_t bytes)
{
	struct arena *a = chunk_arena(c);

	arena_lock(a);
	if (bytes > chunk_bytes(c))
		c = arena_grow(a, c, bytes);
	else
		arena_shrink(a, c, bytes);
	arena_unlock(a);
	return c;
}

void *heap_realloc(void *mem, size_t n)
{
	struct chunk *c = heap_chunk(mem), *resized = NULL;
	size_t old = chunk_bytes(c), bytes = request_bytes(n);

	if (n > PTRDIFF_MAX)
		return NULL;
	if (chunk_is_mapped(c))
		return realloc_mapped(c, n);
	if (bytes <= old && old - bytes < CHUNK_MIN)
		return mem;
	/* Once the heap is broken, a lock may never be released again. */
	if (bytes <= old ? !malloc_is_broken : !heap_wants_mapping(n))
		resized = resize(c, bytes);
	return resized ? chunk_to_mem(resized) : move(mem, n);
}
