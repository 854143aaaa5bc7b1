/*
 * The swap cache, and the traffic between it and the disks: see swap.h.
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
 * whoever comes second waits instead of reading again. Nothing here allocates but
 * the frames that are read into.
 */
#include <uapi/errno.h>

#include "arch.h"
#include "block.h"
#include "frame_ring.h"
#include "panic.h"
#include "printk.h"
#include "reclaim.h"
#include "sched.h"
#include "swap_area.h"

int swap_cluster_shift = 3;

/* Whoever waits for a frame to be read or written waits here. */
static struct wait_queue io_done = WAIT_QUEUE_INIT(io_done);

static struct frame_ring ring;            /* swap_lock: all but those in READING */
static unsigned int nr_writing;           /* swap_lock: calls of swap_write() */
static uint64_t nr_in, nr_out;            /* swap_lock */

uint64_t swap_nr_in(void)
{
	return nr_in;
}

uint64_t swap_nr_out(void)
{
	return nr_out;
}

/* ---- entering and leaving ---- */

static struct swap_map *map_of(swap_t entry)
{
	return &swap_area_of(entry)->map;
}

static uint64_t sector_of(swap_t entry)
{
	const struct swap_area *area = swap_area_of(entry);

	return (uint64_t)swap_slot(entry) *
	       (PAGE_SIZE / area->device->sector_bytes);
}

/* The slot knows @frame already; the cache gets a reference of its own. */
static void enter_locked(struct frame *frame, swap_t entry, uint16_t flags)
{
	frame_get(frame);
	frame->index = entry;
	frame_set_purpose(frame, FRAME_SWAP);
	frame_flag_set(frame, flags);
}

/* Take @frame, which is in no ring, out of the cache. */
static void leave_locked(struct frame *frame)
{
	swap_map_set_frame(map_of(frame->index), swap_slot(frame->index), NULL);
	frame_set_purpose(frame, FRAME_ANON);
	frame_flag_clear(frame, FRAME_FLAG_DIRTY | FRAME_FLAG_REFERENCED);
	frame_put(frame); /* not the last one: the caller has another */
}

void swap_cache_remove_locked(struct frame *frame)
{
	frame_ring_remove(&ring, frame);
	leave_locked(frame);
}

static bool is_busy(const struct frame *frame)
{
	return frame_flag_test(frame, FRAME_FLAG_READING | FRAME_FLAG_WRITING);
}

static unsigned int users_locked(const struct frame *frame)
{
	return swap_map_users(map_of(frame->index), swap_slot(frame->index));
}

/* The caller's reference is the only one beside the cache's. */
static bool is_idle_locked(const struct frame *frame)
{
	return frame->purpose == FRAME_SWAP && !is_busy(frame) &&
	       frame_refs(frame) == 2;
}

void swap_cache_put(struct frame *frame)
{
	spin_lock(&swap_lock);
	if (is_idle_locked(frame) && !users_locked(frame))
		swap_cache_remove_locked(frame);
	spin_unlock(&swap_lock);
	frame_put(frame);
}

bool swap_try_own(struct frame *frame)
{
	bool owned;

	spin_lock(&swap_lock);
	owned = is_idle_locked(frame) && !users_locked(frame);
	if (owned)
		swap_cache_remove_locked(frame);
	spin_unlock(&swap_lock);
	return owned;
}

/* ---- swapping in ---- */

/* The cached frame of @entry with a reference, or NULL. */
static struct frame *find_locked(swap_t entry)
{
	struct frame *frame = swap_map_frame(map_of(entry), swap_slot(entry));

	if (frame)
		frame_get(frame);
	return frame;
}

/* Somebody else may be reading the frame: wait. On failure the reference goes. */
static int wait_until_read(struct frame *frame)
{
	wait_event_blocked(&io_done,
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
	struct swap_map *map = map_of(entry);
	uint32_t slot = swap_slot(entry);
	struct frame *frame;

	if (!swap_map_in_use(map, slot) || swap_map_frame(map, slot) ||
	    (!wanted && memory_is_low()))
		return NULL;
	frame = frame_alloc(0, FRAME_SWAP);
	if (!frame)
		return NULL;
	swap_map_set_frame(map, slot, frame);
	enter_locked(frame, entry,
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
			frame_ring_insert(&ring, frame);
			nr_in++;
		}
		frame_flag_clear(frame, FRAME_FLAG_READING);
	}
	spin_unlock(&swap_lock);
	wake_up(&io_done);
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
	err = block_read(swap_area_of(entry)->device, sector_of(cluster.first),
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
		       swap_area_of(entry)->path, sector_of(entry));
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
	idle = is_idle_locked(frame);
	if (idle) {
		swap_map_put(map_of(frame->index), swap_slot(frame->index));
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
		wait_event_blocked(&io_done, !is_busy(*frame));
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
	frame = swap_map_frame(map_of(entry), swap_slot(entry));
	there = frame && !frame_flag_test(frame, FRAME_FLAG_READING);
	spin_unlock(&swap_lock);
	return there;
}

/* ---- swapping out ---- */

swap_t swap_out(struct frame *frame)
{
	swap_t entry = 0;

	spin_lock(&swap_lock);
	if (frame->purpose == FRAME_SWAP) {
		entry = frame->index;
	} else {
		entry = swap_take_locked(frame);
		if (entry) {
			enter_locked(frame, entry, FRAME_FLAG_DIRTY);
			frame_ring_insert(&ring, frame);
		}
	}
	if (entry)
		swap_map_get(map_of(entry), swap_slot(entry));
	spin_unlock(&swap_lock);
	return entry;
}

/*
 * Mark what has to be written, free what has not, let go of what is in use; *@nr
 * is how many are left, in the order of their slots, more or less. How many were
 * freed.
 */
static size_t sort_out(struct frame **frames, size_t *nr)
{
	size_t nr_left = 0, nr_freed = 0;

	for (size_t i = 0; i < *nr; i++) {
		struct frame *frame = frames[i];
		bool idle;

		spin_lock(&swap_lock);
		idle = is_idle_locked(frame);
		if (idle && frame_flag_test(frame, FRAME_FLAG_DIRTY) &&
		    users_locked(frame)) {
			frame_flag_set(frame, FRAME_FLAG_WRITING);
			frame_flag_clear(frame, FRAME_FLAG_DIRTY);
			frames[nr_left++] = frame;
			spin_unlock(&swap_lock);
			continue;
		}
		if (idle)
			swap_cache_remove_locked(frame);
		spin_unlock(&swap_lock);
		nr_freed += idle;
		swap_cache_put(frame);
	}
	*nr = nr_left;
	return nr_freed;
}

/* A frame has been written, or not: it is free now if nobody came for it. */
static bool finish_write(struct frame *frame, int err)
{
	bool freed;

	spin_lock(&swap_lock);
	frame_flag_clear(frame, FRAME_FLAG_WRITING);
	if (err)
		frame_flag_set(frame, FRAME_FLAG_DIRTY);
	else
		nr_out++;
	freed = is_idle_locked(frame) && (!err || !users_locked(frame));
	if (freed)
		swap_cache_remove_locked(frame);
	spin_unlock(&swap_lock);
	frame_put(frame);
	return freed;
}

/* The length of the run of slots that @frames, which are sorted, begins with. */
static size_t run_length(struct frame *const *frames, size_t nr)
{
	size_t n = 1;

	while (n < nr && frames[n]->index == frames[0]->index + n)
		n++;
	return n;
}

static size_t write_run(struct frame *const *frames, size_t nr)
{
	swap_t entry = frames[0]->index;
	const struct swap_area *area = swap_area_of(entry);
	size_t nr_freed = 0;
	int err;

	err = block_write(area->device, sector_of(entry), frames, nr);
	if (err)
		printk("Write-error on swap-device (%s:%lu)\n", area->path,
		       sector_of(entry));
	for (size_t i = 0; i < nr; i++)
		nr_freed += finish_write(frames[i], err);
	return nr_freed;
}

size_t swap_write(struct frame **frames, size_t nr)
{
	size_t nr_freed;

	spin_lock(&swap_lock);
	nr_writing++;
	spin_unlock(&swap_lock);
	nr_freed = sort_out(frames, &nr);
	for (size_t done = 0, n; done < nr; done += n) {
		n = run_length(frames + done, nr - done);
		nr_freed += write_run(frames + done, n);
	}
	spin_lock(&swap_lock);
	nr_writing--;
	spin_unlock(&swap_lock);
	wake_up(&io_done);
	return nr_freed;
}

bool swap_wait_for_write(void)
{
	uint64_t before = nr_out;

	if (!nr_writing)
		return false;
	wait_event_blocked(&io_done, !nr_writing || nr_out != before);
	return true;
}

/* ---- giving up ---- */

/*
 * One step of the clock: a frame that nobody has mapped and nobody wanted lately,
 * with a reference, or NULL. On the way slots are freed that a mapped frame does
 * not need, if they are scarce.
 */
static struct frame *advance_locked(void)
{
	struct frame *frame = frame_ring_advance(&ring);

	if (!frame || is_busy(frame))
		return NULL;
	if (frame_refs(frame) > 1) {
		if (!users_locked(frame) && swap_is_scarce_locked())
			swap_cache_remove_locked(frame);
		return NULL;
	}
	if (frame_flag_test(frame, FRAME_FLAG_REFERENCED)) {
		frame_flag_clear(frame, FRAME_FLAG_REFERENCED);
		return NULL;
	}
	frame_get(frame);
	return frame;
}

size_t swap_cache_shrink(size_t target, size_t scan)
{
	struct frame *batch[SWAP_BATCH_FRAMES];
	size_t nr = 0;

	if (target > SWAP_BATCH_FRAMES)
		target = SWAP_BATCH_FRAMES;
	spin_lock(&swap_lock);
	while (nr < target && scan-- && ring.nr) {
		struct frame *frame = advance_locked();

		if (frame)
			batch[nr++] = frame;
	}
	spin_unlock(&swap_lock);
	return nr ? swap_write(batch, nr) : 0;
}
