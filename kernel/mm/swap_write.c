/*
 * The swap cache, see swap.h: pages on their way out.
 *
 *	swap_out()     the page gets a slot and is marked dirty
 *	swap_write()   once nobody has it mapped: written, and its frame is free
 *
 * Between the two the TLBs have been flushed and all locks released. Whoever wants
 * the page back meanwhile finds it in the cache. Nothing here allocates: it runs
 * when there is no memory.
 */
#include "swap_cache.h"

#include "block.h"
#include "printk.h"

static unsigned int nr_writing; /* swap_lock: calls of swap_write() */
static uint64_t nr_out;         /* swap_lock */

uint64_t swap_nr_out(void)
{
	return nr_out;
}

swap_t swap_out(struct frame *frame)
{
	swap_t entry = 0;

	spin_lock(&swap_lock);
	if (frame->purpose == FRAME_SWAP) {
		entry = frame->index;
	} else {
		entry = swap_take_locked(frame);
		if (entry) {
			swap_cache_enter_locked(frame, entry, FRAME_FLAG_DIRTY);
			frame_ring_insert(&swap_ring, frame);
		}
	}
	if (entry)
		swap_map_get(swap_map_of(entry), swap_slot(entry));
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
		idle = swap_is_idle_locked(frame);
		if (idle && frame_flag_test(frame, FRAME_FLAG_DIRTY) &&
		    swap_users_locked(frame)) {
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
	freed = swap_is_idle_locked(frame) && (!err || !swap_users_locked(frame));
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

	err = block_write(area->device, swap_sector(entry), frames, nr);
	if (err)
		printk("Write-error on swap-device (%s:%lu)\n", area->path,
		       swap_sector(entry));
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
	wake_up(&swap_io_done);
	return nr_freed;
}

bool swap_wait_for_write(void)
{
	uint64_t before = nr_out;

	if (!nr_writing)
		return false;
	wait_event_blocked(&swap_io_done, !nr_writing || nr_out != before);
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
	struct frame *frame = frame_ring_advance(&swap_ring);

	if (!frame || swap_is_busy(frame))
		return NULL;
	if (frame_refs(frame) > 1) {
		if (!swap_users_locked(frame) && swap_is_scarce_locked())
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
	while (nr < target && scan-- && swap_ring.nr) {
		struct frame *frame = advance_locked();

		if (frame)
			batch[nr++] = frame;
	}
	spin_unlock(&swap_lock);
	return nr ? swap_write(batch, nr) : 0;
}
