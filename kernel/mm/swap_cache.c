/*
 * The swap cache, see swap.h: what is in it, and how pages get in from a disk. How
 * they get out is in swap_write.c.
 *
 * A miss reads what lies around the slot and is in use, since pages that went out
 * one after the other are likely to be wanted so again:
 *
 *	slots    | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 |
 *	in use     x   x    x    x         x
 *	wanted               w
 *	read     [ -   -    -    - ]
 *
 * Frames are entered before the disk is asked, marked FRAME_FLAG_READING, so that
 * whoever comes second waits instead of reading again.
 */
#include "swap_cache.h"

#include <uapi/errno.h>

#include "printk.h"
#include "reclaim.h"

int swap_cluster_shift = 3;

struct wait_queue swap_io_done = WAIT_QUEUE_INIT(swap_io_done);
struct frame_ring swap_ring;

static uint64_t nr_in; /* swap_lock */

uint64_t swap_nr_in(void)
{
	return nr_in;
}

/* ---- entering and leaving ---- */

void swap_cache_enter_locked(struct frame *frame, swap_t entry, uint16_t flags)
{
	frame_get(frame);
	frame->index = entry;
	frame_set_purpose(frame, FRAME_SWAP);
	frame_flag_set(frame, flags);
}

/* Take @frame, which is in no ring, out of the cache. */
static void leave_locked(struct frame *frame)
{
	swap_map_set_frame(swap_map_of(frame->index), swap_slot(frame->index), NULL);
	frame_set_purpose(frame, FRAME_ANON);
	frame_flag_clear(frame, FRAME_FLAG_DIRTY | FRAME_FLAG_REFERENCED);
	frame_put(frame); /* not the last one: the caller has another */
}

void swap_cache_remove_locked(struct frame *frame)
{
	frame_ring_remove(&swap_ring, frame);
	leave_locked(frame);
}

void swap_cache_put(struct frame *frame)
{
	spin_lock(&swap_lock);
	if (swap_is_idle_locked(frame) && !swap_users_locked(frame))
		swap_cache_remove_locked(frame);
	spin_unlock(&swap_lock);
	frame_put(frame);
}

bool swap_try_own(struct frame *frame)
{
	bool owned;

	spin_lock(&swap_lock);
	owned = swap_is_idle_locked(frame) && !swap_users_locked(frame);
	if (owned)
		swap_cache_remove_locked(frame);
	spin_unlock(&swap_lock);
	return owned;
}

/* ---- swapping in ---- */

/* The cached frame of @entry with a reference, or NULL. */
static struct frame *find_locked(swap_t entry)
{
	struct frame *frame = swap_map_frame(swap_map_of(entry), swap_slot(entry));

	if (frame)
		frame_get(frame);
	return frame;
}

/* Somebody else may be reading the frame: wait. On failure the reference goes. */
static int wait_until_read(struct frame *frame)
{
	wait_event_blocked(&swap_io_done,
			   !frame_flag_test(frame, FRAME_FLAG_READING));
	if (!frame_flag_test(frame, FRAME_FLAG_ERROR))
		return 0;
	frame_put(frame);
	return -EIO;
}

/* A run of slots that are read together, each with a reference of ours. */
struct cluster {
	swap_t first;
	unsigned int nr;
	struct frame *frame[1 << SWAP_CLUSTER_MAX_SHIFT];
};

/*
 * A new frame for @entry, or NULL: nothing to read there, or no memory. Only the
 * page that is @wanted may take one of the last free frames.
 */
static struct frame *enter_page_locked(swap_t entry, bool wanted)
{
	struct swap_map *map = swap_map_of(entry);
	uint32_t slot = swap_slot(entry);
	struct frame *frame;

	if (!swap_map_in_use(map, slot) || swap_map_frame(map, slot) ||
	    (!wanted && memory_is_low()))
		return NULL;
	frame = frame_alloc(0, FRAME_SWAP);
	if (!frame)
		return NULL;
	swap_map_set_frame(map, slot, frame);
	swap_cache_enter_locked(frame, entry,
		     FRAME_FLAG_READING |
			     (wanted ? 0 : FRAME_FLAG_REFERENCED));
	return frame;
}

/* Enter @entry, which is missing, and what is missing beside it. */
static int enter_cluster_locked(struct cluster *cluster, swap_t entry,
				unsigned int shift)
{
	swap_t low = entry & ~((1UL << shift) - 1);
	swap_t high = low + (1UL << shift);
	struct frame *before[1 << SWAP_CLUSTER_MAX_SHIFT];
	struct frame *frame = enter_page_locked(entry, true);
	unsigned int nr_before = 0;

	if (!frame)
		return -ENOMEM;
	cluster->first = entry;
	while (cluster->first > low &&
	       (before[nr_before] =
			enter_page_locked(cluster->first - 1, false))) {
		cluster->first--;
		nr_before++;
	}
	cluster->nr = 0;
	while (nr_before)
		cluster->frame[cluster->nr++] = before[--nr_before];
	while (frame) {
		cluster->frame[cluster->nr++] = frame;
		entry++;
		frame = entry < high ? enter_page_locked(entry, false) : NULL;
	}
	return 0;
}

/* The frames are complete, or, with @err, of no use. */
static void finish_cluster(struct cluster *cluster, int err)
{
	spin_lock(&swap_lock);
	for (unsigned int i = 0; i < cluster->nr; i++) {
		struct frame *frame = cluster->frame[i];

		if (err) {
			frame_flag_set(frame, FRAME_FLAG_ERROR);
			leave_locked(frame);
		} else {
			frame_ring_insert(&swap_ring, frame);
			nr_in++;
		}
		frame_flag_clear(frame, FRAME_FLAG_READING);
	}
	spin_unlock(&swap_lock);
	wake_up(&swap_io_done);
}

/* Keep the reference to @entry's frame, if there is no @err, and no other. */
static void put_cluster(struct cluster *cluster, swap_t entry, int err,
			struct frame **frame)
{
	for (unsigned int i = 0; i < cluster->nr; i++) {
		if (cluster->first + i == entry && !err)
			*frame = cluster->frame[i];
		else
			swap_cache_put(cluster->frame[i]);
	}
}

/* One attempt. The stack holds the cluster, hence a function of its own. */
static int try_swap_in(swap_t entry, unsigned int shift, struct frame **frame,
		       bool *from_disk)
{
	struct cluster cluster;
	int err = 0;

	spin_lock(&swap_lock);
	*frame = find_locked(entry);
	if (!*frame)
		err = enter_cluster_locked(&cluster, entry, shift);
	spin_unlock(&swap_lock);
	if (*frame)
		return wait_until_read(*frame);
	if (err)
		return err;
	*from_disk = true;
	err = block_read(swap_area_of(entry)->device, swap_sector(cluster.first),
			 cluster.frame, cluster.nr);
	finish_cluster(&cluster, err);
	put_cluster(&cluster, entry, err, frame);
	return err;
}

int swap_in(swap_t entry, struct frame **frame, bool *from_disk)
{
	unsigned int shift = (unsigned int)swap_cluster_shift;
	int err = try_swap_in(entry, shift, frame, from_disk);

	/* A cluster fails as a whole; this page of it may be readable. */
	if (unlikely(err == -EIO) && shift)
		err = try_swap_in(entry, 0, frame, from_disk);
	if (unlikely(err == -EIO))
		printk("Read-error on swap-device (%s:%lu)\n",
		       swap_area_of(entry)->path, swap_sector(entry));
	return err;
}

/*
 * Whoever else has a reference, to write the frame or to look whether it can go,
 * lets go of it soon.
 */
static bool try_take_back(struct frame *frame)
{
	bool idle;

	spin_lock(&swap_lock);
	idle = swap_is_idle_locked(frame);
	if (idle) {
		swap_map_put(swap_map_of(frame->index), swap_slot(frame->index));
		swap_cache_remove_locked(frame);
	}
	spin_unlock(&swap_lock);
	return idle;
}

int swap_take_back(swap_t entry, struct frame **frame, bool *from_disk)
{
	int err = swap_in(entry, frame, from_disk);

	if (err)
		return err;
	while (!try_take_back(*frame)) {
		wait_event_blocked(&swap_io_done, !swap_is_busy(*frame));
		if (frame_refs(*frame) > 2)
			schedule();
	}
	return 0;
}

bool swap_in_memory(swap_t entry)
{
	const struct frame *frame;
	bool there;

	spin_lock(&swap_lock);
	frame = swap_map_frame(swap_map_of(entry), swap_slot(entry));
	there = frame && !frame_flag_test(frame, FRAME_FLAG_READING);
	spin_unlock(&swap_lock);
	return there;
}

