/*
 * Reclaim: in which order frames are looked for.
 *
 *	1 pages of the caches that nobody has mapped   clean: cost nothing now
 *	2 pages of tmpfs that nobody has mapped        tmpfs_swap.c
 *	  pages that programs have mapped              evict.c
 *	3 what kmalloc keeps for the next request, and the same with all means,
 *	  before anybody dies
 *
 * Whoever needs a frame pays: there is no thread that reclaims in the background.
 * A fault that left memory low takes a batch when it is done, so that what the
 * kernel itself allocates, under locks and unable to wait, finds the reserve full.
 */
#include "reclaim.h"

#include "evict.h"
#include "kmalloc.h"
#include "page_cache.h"
#include "swap.h"
#include "tmpfs_swap.h"

/* How many frames are given back at a time: enough for a while, not all. */
#define BATCH_FRAMES 32

/* Pages that one attempt looks at: in the caches, and in page tables. */
#define CACHE_SCAN (8 * BATCH_FRAMES)
#define FILES_SCAN BATCH_FRAMES
#define TABLE_SCAN (256 * BATCH_FRAMES)

/* A page needs itself and three tables at most; fewer may not be enough to go on. */
#define ENOUGH_FRAMES 4

#define MIN_FREE_SHARE 128 /* of RAM */

uint64_t min_free_frames;

void reclaim_init(void)
{
	min_free_frames = ledger.total / MIN_FREE_SHARE;
}

static size_t shrink_caches(size_t target, size_t scan)
{
	size_t nr = page_cache_shrink(target, scan);

	if (nr < target)
		nr += swap_cache_shrink(target - nr, scan);
	return nr;
}

/*
 * Nothing was found in passing: look at everything. The first round over the
 * tables may only have cleared accessed bits, the last one spares nobody. A frame
 * that somebody else is writing to a disk will be free soon.
 */
static size_t reclaim_hard(void)
{
	size_t all = 2 * ledger.total;
	size_t nr;

	/* Not progress in itself: the same request may have left it there. */
	kmalloc_trim();
	nr = shrink_caches(BATCH_FRAMES, all);
	if (!nr)
		nr = evict_pages(BATCH_FRAMES, SIZE_MAX, false);
	if (!nr)
		nr = tmpfs_shrink(BATCH_FRAMES, all);
	if (!nr)
		nr = evict_pages(BATCH_FRAMES, SIZE_MAX, true);
	if (!nr)
		nr = shrink_caches(BATCH_FRAMES, all);
	if (!nr && swap_wait_for_write())
		nr = 1;
	if (!nr && ledger.frames[FRAME_FREE] >= ENOUGH_FRAMES)
		nr = 1; /* others have given something back meanwhile */
	return nr;
}

static size_t reclaim_batch(void)
{
	size_t nr;

	kmalloc_trim_excess();
	nr = shrink_caches(BATCH_FRAMES, CACHE_SCAN);
	if (nr < BATCH_FRAMES && swappiness)
		nr += tmpfs_shrink(BATCH_FRAMES / 4, FILES_SCAN);
	if (nr < BATCH_FRAMES)
		nr += evict_pages(BATCH_FRAMES - nr, TABLE_SCAN, false);
	return nr;
}

size_t reclaim_frames(void)
{
	size_t nr = reclaim_batch();

	return nr ? nr : reclaim_hard();
}

/* Without swap, pages of files that are mapped can wait until it matters. */
void reclaim_ahead(void)
{
	if (swap_free_pages())
		reclaim_batch();
	else
		shrink_caches(BATCH_FRAMES / 2, CACHE_SCAN / 4);
}

struct frame *frame_alloc_waiting(enum frame_purpose purpose)
{
	struct frame *frame;

	if (memory_is_low())
		reclaim_ahead();
	do {
		frame = frame_alloc(0, purpose);
	} while (!frame && reclaim_frames());
	return frame;
}

void reclaim_reserve(uint64_t frames)
{
	while (ledger.frames[FRAME_FREE] < frames + min_free_frames &&
	       (swap_free_pages() || ledger.frames[FRAME_CACHE]))
		if (!reclaim_batch())
			break;
}
