/*
 * heap.h - what malloc(), free() and their relatives have in common.
 */
#pragma once

#include "chunk.h"

/*
 * @n usable bytes at a multiple of @alignment, a power of two of at least
 * CHUNK_ALIGN; @zeroed without touching what the system has zeroed already.
 * NULL: no memory, and errno says so.
 */
void *heap_alloc(size_t n, size_t alignment, bool zeroed);

/* Free @mem, which is not NULL, or stop the program if it is not ours. */
void heap_free(void *mem);

/* The end of each free: @c in @state, checked, goes back to its arena. */
void heap_give_back(struct chunk *c, enum chunk_state state);

/* The chunk of @mem, which is in use, or else the program stops. */
struct chunk *heap_chunk(void *mem);

/* Is a request of @n bytes one for a mapping of its own? */
bool heap_wants_mapping(size_t n);
