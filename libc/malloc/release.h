/*
 * release.h - when and how the pages of free memory go back to the system.
 *
 * The break only frees what is at the end of the heap (top.c). Pages between
 * chunks in use are handed back by a purge, once much of them is idle: large
 * enough for a system call, binned, and touched since they came from the system.
 *
 *	idle_bytes == sum of release_idle_bytes(c) over all binned chunks
 *
 * After every 128 KiB of frees, of a small heap more often, one of two things
 * happens if it is due:
 *
 *	purge when  idle_bytes >= max(512 KiB, in use / 2) + slack
 *	drain when  the program has at most 1/32 of the heap, and again for each
 *	            half of that, or a cache has aged (tcache.c): it is flushed,
 *	            everything is merged and purged, and top is trimmed
 *
 * A system call, and a fault per page if the memory is needed again, is what it
 * costs. Needing it again is a regret; the slack, which is kept, is what has
 * been regretted: by a heap that shrinks, and by one that empties.
 */
#pragma once

#include "chunk.h"

struct arena;

/* Smaller chunks keep their pages: a system call would be too much for them. */
#define PURGE_CHUNK_BYTES	(8 * KIB)

/* Giving back with a system call for so few frees is costly. */
#define COSTLY_FREES		128

/* All with arena->lock held. */

/*
 * @c is in its bin now, and @dirty bytes of it may be resident; it has been
 * taken out again: how many are.
 */
void release_enter(struct arena *a, struct chunk *c, size_t dirty);
size_t release_leave(struct arena *a, struct chunk *c);

/* What the binned chunk @c adds to the arena's idle bytes. */
size_t release_idle_bytes(struct chunk *c);

/* A block of @bytes was freed; it may be merged later. */
void release_count(struct arena *a, size_t bytes);

/* Memory is needed from the system, which may have been given some back. */
void release_regret(struct arena *a);

/* What to keep beyond the pad, from experience. malloc_trim() forgets it. */
size_t release_slack(const struct arena *a);

/* Release the pages in free chunks of at least @min_bytes; true: some were. */
bool release_pages(struct arena *a, size_t min_bytes);

/*
 * After frees: sweep and purge if it is time to. True: what caches hold should
 * go as well, by tcache_drain(), without the lock.
 */
bool release_idle(struct arena *a);
