/*
 * tcache.h - each thread's own free chunks, ready to hand out without a lock.
 *
 * A bin is a stack of pointers. The stacks lie in a mapping of their own, and
 * nothing but the tag's state is written into a cached chunk, so there is no
 * link to poison and nothing in the heap to overwrite. Below each stack stands
 * a NULL, which says "empty":
 *
 *	bins[2]: last ---------+        limit --+
 *	                       v                v
 *	... NULL | mem | mem | mem |     |     |     | NULL | mem ...
 *	         (32-byte chunks)                      (48-byte chunks)
 *
 * Small chunks, up to 1 KiB, have a bin for each size. Medium ones, up to
 * 32 KiB, share eight bins per doubling, and few are kept: a request takes the
 * newest of its bin if that is long enough, or else of the next, where all are.
 *
 * A thread without a cache points at tcache_none, all of whose bins are empty
 * and full at once, so the fast path need not ask whether there is one.
 */
#pragma once

#include "bin.h"
#include "chunk.h"
#include "options.h"

struct arena;

#define SMALL_MAX_BYTES		EXACT_MAX	/* of a chunk */
#define SMALL_MAX_REQUEST	(SMALL_MAX_BYTES - CHUNK_OVERHEAD)
#define MEDIUM_MAX_BYTES	(32 * 1024UL)
#define NR_SMALL_BINS		(SMALL_MAX_BYTES / CHUNK_ALIGN + 1)
#define NR_TCACHE_BINS		(NR_SMALL_BINS + 5 * 8 + 2)	/* all have a next */

/* One small bin may hold so much, within limits; all medium ones together. */
#define SMALL_LIMIT_BYTES	16384UL
#define MEDIUM_LIMIT_BYTES	(512 * 1024UL)

struct tcache_bin {
	void **last;	/* the newest mem; NULL stands there when empty */
	void **limit;	/* last == limit: full */
};

struct tcache {
	struct tcache_bin bins[NR_TCACHE_BINS];
	struct arena *arena;		/* to refill from */
	size_t medium_bytes;		/* in all medium bins */
	size_t missed_bytes;		/* asked for in vain since it was drained */
	size_t peak_bytes;		/* in use of its arenas since then */
	uint8_t batch[NR_SMALL_BINS];	/* size of the next refill */
	void *slots[];
};

extern struct tcache tcache_none __attribute__((visibility("hidden")));
extern PORT_THREAD_LOCAL struct tcache *tcache
	__attribute__((visibility("hidden")));

static inline struct tcache_bin *small_bin(size_t chunk_bytes)
{
	return &tcache->bins[chunk_bytes / CHUNK_ALIGN];
}

/* The arena that this thread allocates from; change it; both without cache. */
struct arena *tcache_arena(void);
struct arena *tcache_move(struct arena *a);

/*
 * A chunk for @bytes, at most MEDIUM_MAX_BYTES, in use; small ones bring a few
 * more into the cache. NULL: ask an arena.
 */
void *tcache_alloc(size_t bytes);

/* Cache a chunk in use; false: this thread does not cache such a one. */
bool tcache_put(struct chunk *c);

/* The sum of the sizes of this thread's cached chunks. */
size_t tcache_bytes(void);

/* Give all cached chunks of this thread back to their arenas. */
void tcache_flush(void);

/* After release_idle() has said so: flush, and release all that is idle. */
void tcache_drain(struct arena *a);

/* The options have changed: does this thread still get a cache? */
void tcache_reconsider(void);

/* Never look at this thread's cache again; for a heap that is broken. */
void tcache_abandon(void);
