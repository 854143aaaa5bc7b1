/*
 * bin.h - free chunks sorted by size into 239 doubly linked lists.
 *
 *	bin      0     1   ...   62 | 63 ...  70 | 71 ... | ... 238
 *	bytes   32    48   ... 1024 | 1040-2047  | 2048-  | ... to 4 GiB
 *	        one size each       | eight bins per doubling
 *
 * A bitmap says which bins have chunks, so a search looks at four words at
 * most, then at FIT_PROBES chunks: finding a fit is O(1), however many chunks
 * are free. Links are xor-ed with a key, and both neighbours are checked
 * before a chunk is taken out.
 *
 *	bitmap bit i == (bin i is not empty), and bit NR_BINS is always set
 *	every binned chunk c is in bin_index(chunk_bytes(c)), once
 */
#pragma once

#include "chunk.h"

#define NR_EXACT_BINS	63
#define EXACT_MAX	1024UL
#define NR_BINS		(NR_EXACT_BINS + 22 * 8)
#define BITMAP_WORDS	(NR_BINS / 64 + 1)

struct binset {
	uint64_t bitmap[BITMAP_WORDS];
	struct link heads[NR_BINS];	/* circular; an empty one links itself */
};

unsigned int bin_index(size_t bytes);

/* Call when the arena gets its first memory; before that no bin may be read. */
void bins_init(struct binset *bins);

/* The lowest bin at or above @from that is not empty, or NR_BINS. */
unsigned int bin_next(struct arena *a, unsigned int from);

/*
 * Put a chunk, whose header says binned already, into its bin: the first to be
 * found there, or the last, if it is @clean: its pages are not resident.
 */
void bin_insert(struct arena *a, struct chunk *c, bool clean);

/*
 * May @l be followed: is it a head, or in this heap? A link may be the program's
 * scribble, so that a plain dereference could fault before the check that it feeds.
 */
bool bin_link_plausible(struct arena *a, struct link *l);

/* Take a chunk out of its bin, or stop the program if its links lie. */
void bin_remove(struct arena *a, struct chunk *c);

/*
 * The chunk behind @c in bin @i, for NULL the first one; NULL: no more. It lies
 * in memory that the program has freed, and may have written to: whoever walks
 * a bin walks this way, and is stopped at a link or header that lies.
 */
struct chunk *bin_walk(struct arena *a, unsigned int i, struct chunk *c);

/* A chunk of at least @bytes, nearly the smallest; NULL: none. */
struct chunk *bin_find(struct arena *a, size_t bytes);

/* The stored form of a link address, and back. A chunk's link is where its mem was. */
static inline uintptr_t link_mask(const struct link *l)
{
	return (uintptr_t)l ^ malloc_keys.link;
}

static inline struct link *link_unmask(uintptr_t masked)
{
	return (struct link *)(masked ^ malloc_keys.link);
}
