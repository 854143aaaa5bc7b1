/*
 * map.h - chunks with a mapping of their own.
 *
 *	page 0                                      page n
 *	+-----------+------+-----+-------------------+
 *	| prev_size | size | tag | user data         |
 *	+-----------+------+-----+-------------------+
 *
 * prev_size holds the length of the mapping, size how many of its pages have
 * been asked for, and the tag covers both. The header lies in the mapping's
 * first page even when an alignment moved it up, so that is where it starts.
 */
#pragma once

#include "chunk.h"

/* What mallinfo() tells about mapped chunks. */
struct map_stats {
	size_t nr, max_nr, bytes, max_bytes;
	size_t lent;		/* of bytes: to blocks that grow, or have shrunk */
};

extern struct map_stats malloc_map_stats;

/*
 * A kept mapping for @c, which grows to @n bytes, maybe longer. NULL: none, or @c has
 * been lent one, or has shrunk, before: it had better be resized now.
 */
void *map_reuse(const struct chunk *c, size_t n);

/* Memory for @n bytes aligned to @alignment, maybe zeroed; NULL: no memory. */
void *map_alloc(size_t n, size_t alignment, bool zeroed);

/* Unmap a valid mapped chunk. */
void map_free(struct chunk *c);

/*
 * Resize the mapping for @n bytes, to a length of at least @least, possibly
 * moving it; NULL: it cannot, or it is guarded.
 */
void *map_resize(struct chunk *c, size_t n, size_t least);

/* The block is @n bytes now, and fits; how many bytes it was, in whole pages. */
void map_ask(struct chunk *c, size_t n);
size_t map_asked(const struct chunk *c);

/* Is @c the header of a mapped chunk? Only its own header is read. */
bool mapped_chunk_is_valid(const struct chunk *c);

/* Is @c a mapping that was freed, and is now kept, or about to be unmapped? */
bool mapped_chunk_was_freed(const struct chunk *c);

/* Bytes that the user may use. */
size_t mapped_usable(const struct chunk *c);
