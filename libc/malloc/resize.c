/*
 * resize.c - realloc: in place where a neighbour, top or mremap allows.
 */
#include "heap.h"

#include "arena.h"
#include "check.h"
#include "map.h"
#include "tools/careful.h"

/*
 * Copy the block to @new or, if that is NULL, to a fresh block of @n bytes, and free
 * the old one: to @merge at once, or else into a cache.
 */
static void *move(void *mem, size_t n, void *new, bool merge)
{
	new = new ?: malloc(n);
	if (!new)
		return NULL;
	__builtin_memcpy(new, mem, min_size(malloc_usable_size(mem), n));
	if (merge)
		heap_give_back(mem_to_chunk(mem), CHUNK_IN_USE);
	else
		free(mem);
	return new;
}

/*
 * Does @c border on what no cache would hold? Blocks that shrink leave such gaps, and
 * what lies between them in a cache keeps them apart: a thousand blocks that are
 * resized at random, up to 10,000 bytes, had twice the heap. The lock is held.
 */
static bool borders_on_gap(struct chunk *c)
{
	struct chunk *next = chunk_at(c, chunk_bytes(c));

	return (!(load_u32(&c->size) & PREV_INUSE) && c->prev_size > EXACT_MAX) ||
	       (chunk_is(next, CHUNK_BINNED) && chunk_bytes(next) > EXACT_MAX);
}

static void *realloc_mapped(struct chunk *c, size_t n)
{
	bool by_experience = malloc_options.mode == MALLOC_MODE_DEFAULT;
	void *mem = chunk_to_mem(c), *new = NULL;
	size_t usable = mapped_usable(c);

	if (n > usable && by_experience) {
		new = map_reuse(c, n);
		if (new)
			return move(mem, n, new, false);
		/* Once grown it will grow again, into mere addresses. */
		new = map_resize(c, n, n + n / 4);
	} else if (n < usable && (malloc_options.guard || (by_experience &&
				  n < malloc_options.mmap_threshold / 2))) {
		/* Not far below the threshold it would soon be mapped again. */
		new = move(mem, n, NULL, false);
	}
	/* It shrinks if an eighth of it is not needed any more. */
	if (!new && (n > usable || n < map_asked(c) / 8 * 7))
		new = map_resize(c, n, 0);
	if (!new && n > usable)
		return move(mem, n, NULL, false);
	if (!new && n > map_asked(c))
		map_ask(c, n);
	return new ? new : mem;
}

void *realloc(void *mem, size_t n)
{
	size_t bytes = request_bytes(n), old;
	struct arena *a;
	struct chunk *c;
	void *new = NULL;
	bool done, merge;

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
	if (malloc_is_broken || options_careful())
		return move(mem, n, NULL, false);
	if (bytes > old && heap_wants_mapping(n))
		return move(mem, n, map_reuse(c, n), false);
	a = chunk_arena(c);
	port_lock(&a->lock);
	if (!chunk_is(c, CHUNK_IN_USE))		/* another thread was faster */
		malloc_panic("double free", mem);
	done = arena_resize(a, c, bytes);
	merge = !done && borders_on_gap(c);
	port_unlock(&a->lock);
	/* A large one will grow again; what it does not touch of a fourth more costs nothing. */
	if (!done && bytes >= 32 * KIB && malloc_options.mode == MALLOC_MODE_DEFAULT &&
	    !heap_wants_mapping(n + n / 4))
		new = malloc(n + n / 4);
	return done ? mem : move(mem, n, new, merge);
}
