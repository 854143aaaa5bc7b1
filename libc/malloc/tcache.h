/*
 * tcache.h - each thread's own free chunks, ready to hand out without a lock.
 *
 * A bin is a stack of pointers. The stacks lie in a mapping of their own, behind a
 * page that nobody may touch, if the port can forbid that, and nothing but the tag's
 * state is written into a cached chunk, so there is no link to poison and nothing in
 * the heap to overwrite. Below each stack stands a NULL, which says "empty":
 *
 *	 bottom[2]    bins[2].last   bins[2].limit   bottom[3]
 *	       v             v             v           v
 *	NULL | mem | mem | mem |     |     | NULL | mem | ...
 *	       oldest     newest      free          of 48 bytes
 *
 * Small chunks, up to 1 KiB, have a bin for each size. Medium ones, up to
 * 32 KiB, share eight bins per doubling: a request takes the newest of its bin
 * if that is long enough, or else of the next, where all are.
 *
 * A thread without a cache points at tcache_none, all of whose bins are empty
 * and full at once, so the fast path need not ask whether there is one.
 */
#pragma once

#include "bin.h"

#define SMALL_MAX_BYTES		EXACT_MAX	/* of a chunk */
#define SMALL_MAX_REQUEST	(SMALL_MAX_BYTES - CHUNK_OVERHEAD)
#define MEDIUM_MAX_BYTES	(32 * 1024UL)

/* Bin i is that of chunks of i * 16 bytes, then as in bin.h; all have a next. */
#define TCACHE_SHIFT		(CHUNK_MIN / CHUNK_ALIGN)
#define NR_TCACHE_BINS		(TCACHE_SHIFT + NR_EXACT_BINS + 5 * 8 + 2)

struct tcache_bin {
	void **last;	/* the newest mem; NULL stands there when empty */
	void **limit;	/* last == limit: full */
};

struct tcache {
	struct tcache_bin bins[NR_TCACHE_BINS];
	struct arena *arena;		/* to allocate from; NULL: it never has */
	bool draining;			/* release_idle() wants a tcache_drain() */
	void **bottom[NR_TCACHE_BINS];	/* the oldest mem */
	void *slots[];
};

extern const struct tcache tcache_none;
extern PORT_THREAD_LOCAL struct tcache *tcache;

/*
 * A chunk for @bytes, at most MEDIUM_MAX_BYTES, in use, whose mem is a multiple
 * of @alignment; small ones bring a few more into the cache. NULL: ask an arena.
 */
void *tcache_alloc(size_t bytes, size_t alignment);

/* Cache a chunk in use; false: this thread does not cache such a one. */
bool tcache_put(struct chunk *c);

/* The sizes of this thread's cached chunks, at least, added up. */
size_t tcache_bytes(void);

/*
 * Give all cached chunks of this thread back to their arenas, and unmap the
 * caches of threads that have ended.
 */
void tcache_trim(void);

/*
 * After release_idle() has said so, of whichever arenas: flush, and let all of them
 * release what is idle. What is flushed may have emptied others as well.
 */
void tcache_drain(void);

/* Do the options, and the state of things, allow that freed memory is kept? */
bool tcache_wanted(void);
