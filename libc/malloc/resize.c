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
	__builtin_memcpy(new, mem, min_size(malloc_usable_size(mem), n));
	free(mem);
	return new;
}

static void *realloc_mapped(struct chunk *c, size_t n)
{
	bool by_experience = malloc_options.mode == MALLOC_MODE_DEFAULT;
	void *mem = chunk_to_mem(c), *new = NULL;
	size_t usable = mapped_usable(c);

	/*
	 * Once grown it will grow again, into mere addresses. One that shrinks to
	 * not far below the threshold may soon be mapped again: it stays.
	 */
	if (by_experience && n > usable)
		new = map_resize(c, keep_length(n + CHUNK_HEADER) - CHUNK_HEADER);
	else if (by_experience && n < malloc_options.mmap_threshold / 2)
		new = move(mem, n);
	if (!new && (n > usable || n < usable / 2))
		new = map_resize(c, n);
	if (n > usable)
		return new ? new : move(mem, n);
	return new ? new : mem;
}

void *realloc(void *mem, size_t n)
{
	size_t bytes = request_bytes(n), old;
	struct arena *a;
	struct chunk *c;
	bool done;

	if (!mem || n > PTRDIFF_MAX)
		return malloc(n);
	if (!n) {
		free(mem);
		return NULL;
	}
	c = heap_chunk(mem);
	if (chunk_is_mapped(c))
		return realloc_mapped(c, n);
	old = chunk_bytes(c);
	if (bytes <= old && old - bytes < CHUNK_MIN)
		return mem;
	/* Once the heap is broken, a lock may never be released again. */
	if (malloc_is_broken || (bytes > old && heap_wants_mapping(n)))
		return move(mem, n);
	a = chunk_arena(c);
	arena_lock(a);
	done = arena_resize(a, c, bytes);
	arena_unlock(a);
	return done ? mem : move(mem, n);
}
