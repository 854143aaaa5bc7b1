/*
 * recycle.c - keeping freed mappings, and knowing when that is worth it.
 *
 * The sizes of the mappings last given back are remembered. A request that
 * one of them could have served is a hit: proof that keeping pays. Whatever
 * is kept has to be taken again within RECYCLE_AGE further operations.
 */
#include "recycle.h"

#include "event.h"
#include "options.h"

#define RECYCLE_SLOTS	32
#define RECYCLE_HITS	8
#define RECYCLE_AGE	1024
#define RECYCLE_MAX_BYTES	(32 * 1024 * 1024UL)	/* all together */

struct kept {
	char *start;	/* NULL: only the size of one that was given back */
	size_t bytes;	/* 0: the slot is empty */
	unsigned long since;
};

static struct {
	port_lock_t lock;	/* never held across a system call */
	struct kept slots[RECYCLE_SLOTS];
	size_t bytes;		/* sum over the slots with a start */
	unsigned long clock;	/* counts takes and puts */
	unsigned int hits;
} kept;

/* At most half as much again: the rest would be memory for nothing. */
static bool fits(const struct kept *k, size_t bytes)
{
	return k->bytes >= bytes && k->bytes - bytes <= bytes / 2;
}

static bool recycling(void)
{
	return malloc_options.mode == MALLOC_MODE_DEFAULT &&
	       malloc_options.cache && !malloc_event_hook;
}

/* The one that fits and was freed last: it may still be in the CPU's cache. */
static struct kept *newest_fit(size_t bytes)
{
	struct kept *best = NULL;

	for (struct kept *k = kept.slots; k < kept.slots + RECYCLE_SLOTS; k++)
		if (fits(k, bytes) &&
		    (!best || (k->start && !best->start) ||
		     (!!k->start == !!best->start && k->since > best->since)))
			best = k;
	return best;
}

char *recycle_take(size_t *bytes)
{
	char *start = NULL;
	struct kept *k;

	if (!recycling())
		return NULL;
	port_lock(&kept.lock, true);
	kept.clock++;
	k = newest_fit(*bytes);
	if (k) {
		start = k->start;
		if (start) {
			*bytes = k->bytes;
			kept.bytes -= k->bytes;
		} else if (kept.hits < RECYCLE_HITS) {
			kept.hits++;
		}
		k->bytes = 0;
	}
	port_unlock(&kept.lock);
	return start;
}

/* Which slot to use: an empty one, else the one filled longest ago. */
static struct kept *oldest_slot(void)
{
	struct kept *oldest = kept.slots;

	for (struct kept *k = kept.slots; k < kept.slots + RECYCLE_SLOTS; k++)
		if (!k->bytes || (oldest->bytes && k->since < oldest->since))
			oldest = k;
	return oldest;
}

/* Empty @k into @victims if it holds a mapping. */
static void evict(struct kept *k, struct kept *victims, int *nr)
{
	if (k->start && k->bytes) {
		kept.bytes -= k->bytes;
		victims[(*nr)++] = *k;
	}
	k->bytes = 0;
}

static void unmap_all(const struct kept *victims, int nr)
{
	while (nr-- > 0)
		port_unmap(victims[nr].start, victims[nr].bytes);
}

bool recycle_put(char *start, size_t bytes)
{
	struct kept victims[RECYCLE_SLOTS], *k;
	bool keep;
	int nr = 0;

	if (!recycling())
		return false;
	port_lock(&kept.lock, true);
	kept.clock++;
	keep = kept.hits == RECYCLE_HITS && bytes <= RECYCLE_MAX_BYTES;
	evict(k = oldest_slot(), victims, &nr);
	*k = (struct kept){ keep ? start : NULL, bytes, kept.clock };
	if (keep)
		kept.bytes += bytes;
	for (struct kept *old = kept.slots;
	     old < kept.slots + RECYCLE_SLOTS; old++)
		if (old != k && (kept.clock - old->since > RECYCLE_AGE ||
				 kept.bytes > RECYCLE_MAX_BYTES))
			evict(old, victims, &nr);
	port_unlock(&kept.lock);
	unmap_all(victims, nr);
	return keep;
}

bool recycle_flush(void)
{
	struct kept victims[RECYCLE_SLOTS];
	int nr = 0;

	port_lock(&kept.lock, true);
	for (int i = 0; i < RECYCLE_SLOTS; i++)
		evict(&kept.slots[i], victims, &nr);
	kept.hits = 0;
	port_unlock(&kept.lock);
	unmap_all(victims, nr);
	return nr > 0;
}
