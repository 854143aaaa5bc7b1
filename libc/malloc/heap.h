/*
 * heap.h - the allocator without its C library face: no errno, no fast path.
 *
 * malloc.c puts the standard's names on top of these; a kernel's kmalloc may
 * do the same with its own. NULL always means "no memory", nothing else.
 */
#pragma once

#include "chunk.h"

/*
 * @n usable bytes at a multiple of @alignment, a power of two; @zeroed without
 * touching what the system has zeroed already.
 */
void *heap_alloc(size_t n, size_t alignment, bool zeroed);

/* Free @mem, which is not NULL, or stop the program if it is not ours. */
void heap_free(void *mem);

/* The end of each free: @c in @state, checked, goes back to its arena. */
void heap_give_back(struct chunk *c, enum chunk_state state);

/* Move or resize @mem, not NULL, to @n bytes. On NULL it is as it was. */
void *heap_realloc(void *mem, size_t n);

/* Bytes that the program may use at @mem. */
size_t heap_usable(void *mem);

/* The chunk of @mem, which is in use, or else the program stops. */
struct chunk *heap_chunk(void *mem);

/* Is a request of @n bytes one for a mapping of its own? */
bool heap_wants_mapping(size_t n);

/* Trim every arena to @pad bytes of top, and free pages inside free chunks. */
bool heap_trim(size_t pad);
