/*
 * tcache.h - each thread's own free chunks, ready to hand out without a lock.
 *
 * A bin is a stack of pointers, one bin per chunk size. The stacks lie in a
 * mapping of their own, and nothing but the tag's state is written into a
 * cached chunk, so there is no link to poison and nothing in the heap to
 * overwrite. Below each stack stands a NULL, which says "empty":
 *
 *	bins[2]: last ---------+        limit --+
 *	                       v                v
 *	... NULL | mem | mem | mem |     |     |     | NULL | mem ...
 *	         (32-byte chunks)                      (48-byte chunks)
 *
 * Larger chunks, up to 32 KiB, are kept a few per size class; a request takes
 * the first of its class that is long enough, so at most an eighth is wasted.
 *
 * A thread without a cache points at tcache_none, all of whose bins are empty
 * and full at once, so the fast path need not ask whether there is one.
 */
#pragma once

#include "chunk.h"
#include "options.h"

struct arena;

#define TCACHE_MAX_BYTES	1040UL	/* largest cached chunk */
#define TCACHE_MAX_REQUEST	(TCACHE_MAX_BYTES - CHUNK_OVERHEAD)
#define NR_TCACHE_BINS		(TCACHE_MAX_BYTES / CHUNK_ALIGN + 1)

#define MEDIUM_MAX_BYTES	32768UL
#define MEDIUM_MAX_REQUEST	(MEDIUM_MAX_BYTES - CHUNK_OVERHEAD)
#define NR_MEDIUM_CLASSES	(5 * 8 + 1)	/* 1 to 32 KiB, eight each */
#define MEDIUM_SLOTS		4

struct medium_class {
	uint32_t nr;
	uint32_t bytes[MEDIUM_SLOTS];	/* of the chunks in mem[], newest last */
	void *mem[MEDIUM_SLOTS];
};

struct tcache_bin {
	void **last;	/* the newest mem; NULL stands there when empty */
	void **limit;	/* last == limit: full */
};

struct tcache {
	struct tcache_bin bins[NR_TCACHE_BINS];	/* by chunk bytes / 16 */
	struct arena *arena;			/* to refill from */
	uint8_t batch[NR_TCACHE_BINS];		/* size of the next refill */
	size_t medium_bytes;			/* sum over all of medium[] */
	struct medium_class medium[NR_MEDIUM_CLASSES];
	void *slots[];
};

extern struct tcache tcache_none __attribute__((visibility("hidden")));
extern PORT_THREAD_LOCAL struct tcache *tcache
	__attribute__((visibility("hidden")));

static inline struct tcache_bin *tcache_bin(size_t chunk_bytes)
{
	return &tcache->bins[chunk_bytes / CHUNK_ALIGN];
}

/* This thread's cache, made on the first call; NULL if it is to have none. */
struct tcache *tcache_get(void);

/* The arena that this thread allocates from; change it; both without cache. */
struct arena *tcache_arena(void);
struct arena *tcache_move(struct arena *a);

/* A chunk of @bytes in use, and a few more into the cache; NULL: no memory. */
void *tcache_refill(struct tcache *tc, size_t bytes);

/* A cached chunk of @bytes or a little more, in use; NULL: none. */
void *tcache_take_medium(size_t bytes);

/* Cache a chunk whose bin is full or whose thread is new; false: do not. */
bool tcache_put(struct chunk *c);

/* Give all cached chunks of this thread back to their arenas. */
void tcache_flush(void);

/* After a free: flush the cache and drain @a if that is called for. */
void tcache_drain(struct arena *a);

/* The options have changed: does this thread still get a cache? */
void tcache_reconsider(void);

/* Never look at this thread's cache again; for a heap that is broken. */
void tcache_abandon(void);
