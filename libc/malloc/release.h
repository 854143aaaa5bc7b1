/*
 * release.h - when and how pages of free chunks go back to the system.
 *
 * The break only frees what is at the end of the heap. Pages between chunks in
 * use are handed back one by one: as soon as a free chunk has gathered enough
 * of them, and once more, down to small chunks, when a heap has emptied.
 */
#pragma once

#include "chunk.h"

struct arena;

/* All with arena->lock held. */

/* How many bytes of a free chunk may be resident. */
size_t chunk_dirty(struct chunk *c);

/* Note that @dirty bytes of a free chunk may be, and release them if due. */
void chunk_set_dirty(struct arena *a, struct chunk *c, size_t dirty);

/* Release all pages in free chunks of at least @min_bytes; true: some were. */
bool arena_decommit(struct arena *a, size_t min_bytes);

/*
 * Is so little left in use that what is free should go back, even the pages
 * between the chunks that are left? Then drain: what caches hold first, by
 * tcache_drain(), which is called without the lock.
 */
bool arena_is_draining(struct arena *a);
void arena_drain(struct arena *a);

/*
 * Pages are needed that were perhaps given back before: count it; and what
 * to keep in future because of that.
 */
void arena_count_swing(struct arena *a);
size_t arena_slack(const struct arena *a);
