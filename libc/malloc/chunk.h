/*
 * chunk.h - the boundary tag: sixteen bytes below every pointer.
 *
 * The heap is cut into chunks without gaps; a chunk's size leads to the next
 * one, and while a chunk is free its size also stands at its own end, so the
 * next one can step back to it:
 *
 *	chunk -> +--------------------+--------------------+
 *	         | prev_size          | size P M AA |  tag |
 *	mem   -> +--------------------+--------------------+
 *	         | user data, or, while binned: fd  |  bk  |
 *	         | ...                                     |
 *	next  -> +--------------------+--------------------+
 *	         | last 8 user bytes, | size P M AA |  tag |
 *	         | or prev_size       |                    |
 *
 * The user owns size - 8 bytes: everything up to and including the next
 * chunk's prev_size, which only means something while this chunk is binned.
 * So the overhead is 8 bytes, and malloc(24) fits the smallest chunk, 32.
 *
 * size is a multiple of 16, which frees four bits: P, the previous chunk is
 * not binned; M, this chunk has a mapping of its own; AA, which arena it
 * belongs to. The upper half of what other allocators use as one size word is
 * the tag: a keyed hash of address and size, xor-ed with a key per state. A
 * header that was overwritten, invented, moved, or freed twice does not match.
 *
 * Two fields, not one word, because two threads may write at once: the holder
 * of the arena lock flips P in size while the owner flips the state in tag.
 * P is outside the hash for the same reason; code that finds P clear must
 * then find a binned chunk of exactly prev_size bytes in front.
 *
 * The tag is a multiplication, not cryptography: it stops blind overwrites
 * (1 in 2^32 passes), not someone who can read many headers and solve for
 * the keys. What else lies in memory that the program has had, or gets, is masked
 * or sealed with other keys: the links of bins (bin.h), of waiting chunks (quick.c),
 * and between regions (top.c).
 */
#pragma once

#include "port.h"

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define KIB	1024UL
#define MIB	(1024 * KIB)

#define PREV_INUSE	1U		/* the chunk in front is not binned */
#define IS_MMAPPED	2U		/* alone in its own mapping */
#define ARENA_SHIFT	2
#define ARENA_MASK	(3U << ARENA_SHIFT)
#define SIZE_FLAGS	15U

#define CHUNK_ALIGN	16UL
#define CHUNK_HEADER	16UL		/* from the chunk to its mem */
#define CHUNK_OVERHEAD	8UL		/* of a chunk's size, not the user's */
#define CHUNK_MIN	32UL
#define CHUNK_MAX	0xfffffff0UL	/* the size field has 32 bits */

struct arena;

/* A binned chunk's neighbours in its bin; addresses of links, xor-ed. */
struct link {
	uintptr_t fd;
	uintptr_t bk;
};

struct chunk {
	size_t prev_size;	/* arena lock; mapped chunks: the mapping */
	uint32_t size;		/* owner; the P bit: arena lock */
	uint32_t tag;		/* owner while in use or cached, else arena lock */
	struct link link;	/* arena lock; the user's data while in use */
};

_Static_assert(offsetof(struct chunk, link) == CHUNK_HEADER, "header is 16");
_Static_assert(sizeof(struct chunk) == CHUNK_MIN, "smallest chunk holds a link");

/*
 * The life of a chunk up to 1 KiB, and who may change its state: its owner, that
 * is the thread that has it in use or in its cache, or who has the arena's lock:
 *
 *	         owner          lock           lock             lock
 *	IN_USE --free-> CACHED --flush-> QUICK --sweep-> BINNED, or part of TOP
 *	   ^              | ^               |                |
 *	   +---malloc-----+ +----refill-----+-----refill-----+
 *
 * A larger one, up to 32 KiB, goes from CACHED to BINNED at once, and a still larger
 * one from IN_USE. When it merges, the header in front speaks for both, and its own says MERGED.
 */
enum chunk_state {
	CHUNK_IN_USE,		/* the program has it */
	CHUNK_QUICK,		/* free, waiting in its arena to be merged */
	CHUNK_CACHED,		/* free, in some thread's cache; never merged */
	CHUNK_BINNED,		/* free, in its arena's bin */
	CHUNK_TOP,		/* free, the last chunk of its arena; no bin */
	CHUNK_FENCE,		/* ends a region that top has left; top.c */
	CHUNK_MERGED,		/* swallowed by the chunk in front of it */
	NR_CHUNK_STATES,
	CHUNK_CORRUPT = NR_CHUNK_STATES,
};

/* Set once by malloc_start(); constant afterwards. */
struct keys {
	uint64_t address;
	uint64_t size;			/* odd, so that no address is lost */
	uint64_t more;			/* odd; for what else a tag covers */
	uintptr_t link;
	uint32_t state[NR_CHUNK_STATES];	/* state[CHUNK_IN_USE] == 0 */
};

extern struct keys malloc_keys;

/*
 * Another thread may be flipping the other half of the header: relaxed loads
 * and stores are plain moves, and tell the compiler (and TSan) so.
 */
static inline uint32_t load_u32(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static inline void store_u32(uint32_t *p, uint32_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELAXED);
}

static inline void *chunk_to_mem(struct chunk *c)
{
	return (char *)c + CHUNK_HEADER;
}

static inline struct chunk *mem_to_chunk(void *mem)
{
	return (struct chunk *)((char *)mem - CHUNK_HEADER);
}

static inline struct chunk *chunk_at(struct chunk *c, ptrdiff_t offset)
{
	return (struct chunk *)((char *)c + offset);
}

static inline size_t page_align_up(size_t bytes)
{
	return (bytes + PORT_PAGE_BYTES - 1) & ~(PORT_PAGE_BYTES - 1);
}

static inline size_t page_align_down(size_t bytes)
{
	return bytes & ~(PORT_PAGE_BYTES - 1);
}

static inline size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static inline size_t max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Bytes of a chunk in an arena; a mapping's length may need 64 bits. */
static inline size_t chunk_bytes(const struct chunk *c)
{
	return load_u32(&c->size) & ~SIZE_FLAGS;
}

static inline bool chunk_is_mapped(const struct chunk *c)
{
	return load_u32(&c->size) & IS_MMAPPED;
}

/* Chunk bytes for a request of @n user bytes; void if n > PTRDIFF_MAX. */
static inline size_t request_bytes(size_t n)
{
	size_t bytes = n + CHUNK_OVERHEAD + CHUNK_ALIGN - 1;

	return max_size(bytes & ~(CHUNK_ALIGN - 1), CHUNK_MIN);
}

/* The upper half of a product of two keyed factors; see the file comment. */
static inline uint32_t chunk_hash(const void *mem, uint32_t size)
{
	uint64_t a = (uintptr_t)mem ^ malloc_keys.address;
	uint64_t b = (size & ~PREV_INUSE) ^ malloc_keys.size;

	return (a * b) >> 32;
}

/*
 * The same of a third word, too, but 0. With two hashes, xor-ed, whoever made both
 * alike would know the result without the keys.
 */
static inline uint32_t chunk_hash_with(const void *mem, uint32_t size, uint64_t more)
{
	return chunk_hash((void *)((uintptr_t)mem ^ more * malloc_keys.more), size);
}

/* Write size with its flags, and the tag that says @state. */
static inline void chunk_set(struct chunk *c, uint32_t size, enum chunk_state state)
{
	store_u32(&c->size, size);
	store_u32(&c->tag, chunk_hash(chunk_to_mem(c), size) ^ malloc_keys.state[state]);
}

/* The state changes, and nothing else: the hash need not be computed. */
static inline void chunk_change(struct chunk *c, enum chunk_state from, enum chunk_state to)
{
	store_u32(&c->tag, load_u32(&c->tag) ^ malloc_keys.state[from] ^ malloc_keys.state[to]);
}

/* What the tag says; CHUNK_CORRUPT if it says nothing. */
static inline enum chunk_state chunk_state(struct chunk *c)
{
	uint32_t key = load_u32(&c->tag) ^ chunk_hash(chunk_to_mem(c), load_u32(&c->size));
	enum chunk_state state = CHUNK_IN_USE;

	while (state < NR_CHUNK_STATES && key != malloc_keys.state[state])
		state++;
	return state;
}

/* Does the tag prove that @c is a chunk in @state? */
static inline bool chunk_is(struct chunk *c, enum chunk_state state)
{
	uint32_t hash = chunk_hash(chunk_to_mem(c), load_u32(&c->size));

	return load_u32(&c->tag) == (hash ^ malloc_keys.state[state]);
}
