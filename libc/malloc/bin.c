/*
 * bin.c - keeping free chunks by size, finding one that fits.
 */
#include "bin.h"

#include "arena.h"
#include "check.h"

/* Chunks of a bin of mixed sizes that are looked at for the tightest fit. */
#define FIT_PROBES	8

unsigned int bin_index(size_t bytes)
{
	unsigned int doubling;

	if (bytes <= EXACT_MAX)
		return bytes / CHUNK_ALIGN - 2;
	doubling = 63 - __builtin_clzl(bytes);		/* 10..31 */
	return NR_EXACT_BINS + (doubling - 10) * 8 + (bytes >> (doubling - 3)) % 8;
}

void bins_init(struct binset *bins)
{
	for (struct link *l = bins->heads; l < bins->heads + NR_BINS; l++)
		l->fd = l->bk = link_mask(l);
	bins->bitmap[NR_BINS / 64] = 1UL << (NR_BINS % 64);
}

void bin_insert(struct arena *a, struct chunk *c, bool clean)
{
	unsigned int i = bin_index(chunk_bytes(c));
	struct link *head = &a->bins.heads[i];
	struct link *prev = clean ? link_unmask(head->bk) : head;
	struct link *next = clean ? head : link_unmask(head->fd);

	a->binned_bytes += chunk_bytes(c);
	c->link.fd = link_mask(next);
	c->link.bk = link_mask(prev);
	prev->fd = next->bk = link_mask(&c->link);
	a->bins.bitmap[i / 64] |= 1UL << (i % 64);
}

bool bin_link_plausible(struct arena *a, struct link *l)
{
	uintptr_t offset = (uintptr_t)l - (uintptr_t)a->bins.heads;

	return offset < sizeof(a->bins.heads) ? offset % sizeof(*l) == 0 :
	       (uintptr_t)l % CHUNK_ALIGN == 0 && arena_spans(a, l);
}

void bin_remove(struct arena *a, struct chunk *c)
{
	struct link *fd = link_unmask(c->link.fd);
	struct link *bk = link_unmask(c->link.bk);
	uintptr_t self = link_mask(&c->link);
	unsigned int i;

	if (!bin_link_plausible(a, fd) || !bin_link_plausible(a, bk) ||
	    fd->bk != self || bk->fd != self)
		malloc_panic("corrupted free list", chunk_to_mem(c));
	a->binned_bytes -= chunk_bytes(c);
	fd->bk = c->link.bk;
	bk->fd = c->link.fd;
	i = fd - a->bins.heads;
	if (fd == bk && i < NR_BINS)	/* both are the head: the bin is empty */
		a->bins.bitmap[i / 64] &= ~(1UL << (i % 64));
}

unsigned int bin_next(struct arena *a, unsigned int from)
{
	unsigned int word = from / 64;
	uint64_t bits = a->bins.bitmap[word] & (~0UL << (from % 64));

	while (!bits)
		bits = a->bins.bitmap[++word];
	return word * 64 + __builtin_ctzl(bits);
}

inline struct chunk *bin_walk(struct arena *a, unsigned int i, struct chunk *c)
{
	struct link *head = &a->bins.heads[i];
	struct link *from = c ? &c->link : head, *l = link_unmask(from->fd);

	if (l == head)
		return NULL;
	if (!bin_link_plausible(a, l) || l->bk != link_mask(from))
		malloc_panic("corrupted free list", c ? from : l);
	if (!chunk_is(mem_to_chunk(l), CHUNK_BINNED))
		malloc_panic("corrupted free chunk", l);
	return mem_to_chunk(l);
}

/*
 * The tightest of the first few chunks of a bin. Only in the first bin, of mixed
 * sizes, may all that is seen be too small.
 */
struct chunk *bin_find(struct arena *a, size_t bytes)
{
	struct chunk *fit = NULL;

	for (unsigned int i = bin_index(bytes); !fit && (i = bin_next(a, i)) < NR_BINS; i++) {
		int probes = i < NR_EXACT_BINS ? 1 : FIT_PROBES;
		struct chunk *c = NULL;

		while (probes-- > 0 && (!fit || chunk_bytes(fit) > bytes) &&
		       (c = bin_walk(a, i, c)))
			if (chunk_bytes(c) >= bytes && (!fit || chunk_bytes(c) < chunk_bytes(fit)))
				fit = c;
	}
	return fit;
}
