/*
 * top.h - the last chunk of an arena, the one that grows and shrinks.
 */
#pragma once

#include "chunk.h"

/* All with arena->lock held. */

/* @c is the top now; its header gets the size and the tag. */
void top_set(struct arena *a, struct chunk *c);

/* Stop the program unless top's header says what the arena knows. */
void top_verify(struct arena *a);

/*
 * Get at least @bytes, at most ARENA_MAX_BYTES, from the system for top; false: no
 * memory. If the memory does not continue, top begins anew in it.
 */
bool top_grow(struct arena *a, size_t bytes);

/* Where the region that ends with @fence begins, and the next one's fence, or NULL. */
char *top_fence_base(struct chunk *fence, struct chunk **next);

/* Top has grown by a free: trim it if that is due. */
void top_freed(struct arena *a);

/* Give back what exceeds @pad bytes; how many of them may have been resident, or 1. */
size_t top_trim(struct arena *a, size_t pad);
