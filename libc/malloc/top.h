/*
 * top.h - the last chunk of an arena, the one that grows and shrinks.
 */
#pragma once

#include "chunk.h"

struct arena;

/* All with arena->lock held. */

/* @c is the top now; its header gets the size and the tag. */
void top_set(struct arena *a, struct chunk *c);

/* Stop the program unless top's header says what the arena knows. */
void top_verify(struct arena *a);

/* Cut @bytes off the low end of top, growing it if needed; NULL: no memory. */
struct chunk *top_carve(struct arena *a, size_t bytes);

/* Make top at least @bytes longer than a chunk needs; false: no memory. */
bool top_grow(struct arena *a, size_t bytes);

/* Top has grown by a free: give memory back if the mode says so. */
void top_freed(struct arena *a, size_t freed);

/* Give back what exceeds @pad bytes; true if that was anything. */
bool top_trim(struct arena *a, size_t pad);

static inline size_t page_align_up(size_t bytes)
{
	return (bytes + PORT_PAGE_BYTES - 1) & ~(PORT_PAGE_BYTES - 1);
}

static inline size_t page_align_down(size_t bytes)
{
	return bytes & ~(PORT_PAGE_BYTES - 1);
}
