/*
 * keep.c - keeping freed mappings, and knowing when that is worth it.
 *
 * The sizes of the mappings last given back are remembered. A request that
 * one of them could have served is a hit: proof that keeping pays. Whatever
 * is kept has to be taken again within KEEP_AGE further operations.
 */
#include "keep.h"

#include "event.h"
#include "options.h"

#define KEEP_SLOTS	32
#define KEEP_HITS	8
#define KEEP_AGE	1024
#define KEEP_MAX_BYTES	(32 * 1024 * 1024UL)	/* all together */

struct kept {
	char *start;	/* NULL: only the size of one that was given back */
	size_t bytes;	/* 0: the slot is empty */
	unsigned long since;
};

static struct {
	port_lock_t lock;	/* never held across a system call */
	struct kept slots[KEEP_SLOTS];
	size_t bytes;		/* sum over the slots with a start */
	unsigned long clock;	/* counts takes and puts */
	unsigned int hits;
} keep;

#define for_each_slot(k) \
	for (struct kept *k = keep.slots; k < keep.slots + KEEP_SLOTS; k++)

void keep_lock(void)
{
	port_lock(&keep.lock, true);
}

void keep_unlock(void)
{
	port_unlock(&keep.lock);
}

static bool keeping(void)
{
	return malloc_options.mode == MALLOC_MODE_DEFAULT &&
	       malloc_options.cache && !options_careful() &&
	       !malloc_event_hook;
}

/*
 * At most half as much again: the rest would be memory for nothing. The one
 * that was freed last may still be in the CPU's cache.
 */
static struct kept *newest_fit(size_t bytes)
{
	struct kept *best = NULL;

	for_each_slot(k)
		if (k->bytes >= bytes && k->bytes - bytes <= bytes / 2 &&
		    (!best || (k->start && !best->start) ||
		     (!!k->start == !!best->start && k->since > best->since)))
			best = k;
	return best;
}

/* Empty a slot; the mapping that it held, if it did, is the caller's. */
static struct kept empty(struct kept *k)
{
	struct kept was = *k;

	keep.bytes -= k->start ? k->bytes : 0;
	*k = (struct kept){ 0 };
	return was;
}

char *keep_take(size_t *bytes)
{
	struct kept was = { 0 }, *k;

	if (!keeping())
		return NULL;
	keep_lock();
	keep.clock++;
	k = newest_fit(*bytes);
	if (k)
		was = empty(k);
	if (k && !was.start && keep.hits < KEEP_HITS)
		keep.hits++;
	keep_unlock();
	if (was.start)
		*bytes = was.bytes;
	return was.start;
}

bool keep_put(char *start, size_t bytes)
{
	struct kept gone[KEEP_SLOTS], *oldest = keep.slots, new;
	int nr = 0;

	if (!keeping())
		return false;
	keep_lock();
	new = (struct kept){ start, bytes, ++keep.clock };
	if (keep.hits < KEEP_HITS || bytes > KEEP_MAX_BYTES)
		new.start = NULL;
	keep.bytes += new.start ? bytes : 0;
	for_each_slot(k) {
		if (k->start && (keep.clock - k->since > KEEP_AGE ||
				 keep.bytes > KEEP_MAX_BYTES))
			gone[nr++] = empty(k);
		oldest = k->since < oldest->since ? k : oldest;
	}
	gone[nr] = empty(oldest);
	nr += gone[nr].start != NULL;
	*oldest = new;
	keep_unlock();
	while (nr-- > 0)
		port_unmap(gone[nr].start, gone[nr].bytes);
	return new.start;
}

bool keep_flush(void)
{
	struct kept gone[KEEP_SLOTS];
	int nr = 0;

	keep_lock();
	for_each_slot(k)
		if (k->start)
			gone[nr++] = empty(k);
	keep.hits = 0;
	keep_unlock();
	for (int i = 0; i < nr; i++)
		port_unmap(gone[i].start, gone[i].bytes);
	return nr;
}
