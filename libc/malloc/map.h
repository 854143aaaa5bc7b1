/*
 * map.h - chunks with a mapping of their own.
 *
 *	page 0                                    page n
 *	+-----------+-----+------------------------+
 *	| prev_size | tag | user data              |
 *	+-----------+-----+------------------------+
 *
 * prev_size holds the length of the mapping, size its low half, and the tag
 * covers both. The header lies in the mapping's first page even when an
 * alignment moved it up, so the mapping starts at the page of the header.
 */
#pragma once

#include "chunk.h"

/* What mallinfo() tells about mapped chunks. */
struct map_stats {
	size_t nr;
	size_t bytes;
	size_t max_nr;
	size_t max_bytes;
};

extern struct map_stats malloc_map_stats;

/* Memory for @n bytes aligned to @alignment, maybe zeroed; NULL: no memory. */
void *map_alloc(size_t n, size_t alignment, bool zeroed);

/* May one more chunk be mapped? M_MMAP_MAX. */
bool map_allowed(void);

/* Unmap a valid mapped chunk. */
void map_free(struct chunk *c);

/* Resize the mapping for @n bytes, possibly moving it; NULL: it cannot. */
void *map_resize(struct chunk *c, size_t n);

/* Is @c the header of a mapped chunk? Only its own header is read. */
bool mapped_chunk_is_valid(const struct chunk *c);

/* Is @c a mapping that was freed, and kept or not unmapped yet? */
bool mapped_chunk_was_freed(const struct chunk *c);

/* Bytes that the user may use. */
size_t mapped_usable(const struct chunk *c);
