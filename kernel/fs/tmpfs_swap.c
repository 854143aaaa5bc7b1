/*
 * Pages of tmpfs on swap disks: see tmpfs_swap.h.
 *
 * All frames of files stand in a ring, around which the hand of a clock goes: a
 * page that was read, written or mapped since the last time stays. Those that
 * programs have mapped are taken from them by the clock over page tables first
 * (evict.c). Contents are nowhere else, so every page is written when it goes.
 */
#include "tmpfs_swap.h"

#include <uapi/errno.h>

#include "frame.h"
#include "frame_ring.h"
#include "inode.h"
#include "reclaim.h"
#include "signal.h"
#include "swap.h"

static struct spinlock ring_lock = SPINLOCK_INIT(RANK_TABLE);
static struct frame_ring ring; /* ring_lock */

/* Inodes with pages that are out, for swapoff; both under ring_lock. */
static struct list_node swapped = { &swapped, &swapped };
static size_t nr_swapped_inodes;

void tmpfs_frame_enters(struct frame *frame)
{
	spin_lock(&ring_lock);
	frame_ring_insert(&ring, frame);
	spin_unlock(&ring_lock);
}

void tmpfs_frame_leaves(struct frame *frame)
{
	spin_lock(&ring_lock);
	frame_ring_remove(&ring, frame);
	spin_unlock(&ring_lock);
}

/* ---- how many pages of a file are out; inode->lock is held ---- */

static void count_out(struct inode *inode)
{
	spin_lock(&ring_lock);
	if (!inode->nr_swapped++) {
		list_push_back(&swapped, &inode->swap_link);
		nr_swapped_inodes++;
	}
	spin_unlock(&ring_lock);
}

static void count_in(struct inode *inode)
{
	spin_lock(&ring_lock);
	if (!--inode->nr_swapped) {
		list_remove(&inode->swap_link);
		nr_swapped_inodes--;
	}
	spin_unlock(&ring_lock);
}

void tmpfs_forget_swapped(struct inode *inode, swap_t entry)
{
	count_in(inode);
	swap_put(entry);
}

/* ---- in ---- */

int tmpfs_bring_back_locked(struct inode *inode, uint64_t index, swap_t entry,
			    struct frame **frame, bool *from_disk)
{
	int err = swap_take_back(entry, frame, from_disk);

	if (err)
		return err;
	frame_set_purpose(*frame, FRAME_FILE);
	(*frame)->owner = inode;
	(*frame)->index = index;
	page_tree_replace(&inode->pages, index, *frame);
	tmpfs_frame_enters(*frame);
	count_in(inode);
	return 0;
}

/* ---- out ---- */

/*
 * The caller's reference and the file's must be the only ones: whoever reads or
 * writes the page has one more, and gets it under inode->lock.
 */
static bool swap_out_locked(struct inode *inode, struct frame *frame)
{
	uint64_t index = frame->index;
	swap_t entry;

	if (inode->stays || frame_refs(frame) != 2 ||
	    page_tree_find(&inode->pages, index) != frame)
		return false;
	tmpfs_frame_leaves(frame);
	entry = swap_out(frame);
	if (!entry) {
		tmpfs_frame_enters(frame);
		return false;
	}
	page_tree_replace(&inode->pages, index, page_tree_make_swap(entry));
	count_out(inode);
	frame_put(frame); /* the tree's reference */
	return true;
}

bool tmpfs_swap_out(struct frame *frame)
{
	struct inode *inode = frame->owner;
	bool out;

	mutex_lock(&inode->lock);
	out = swap_out_locked(inode, frame);
	mutex_unlock(&inode->lock);
	return out;
}

/*
 * One step of the clock: a frame that was not used lately, with a reference, and
 * one to *@inode; or NULL. A file that is being destroyed takes its frames out of
 * the ring first, so the pointer is good under ring_lock.
 */
static struct frame *advance(struct inode **inode)
{
	struct frame *frame;

	spin_lock(&ring_lock);
	frame = frame_ring_advance(&ring);
	if (frame) {
		*inode = frame->owner;
		if (frame_refs(frame) != 1 ||
		    frame_flag_test(frame, FRAME_FLAG_REFERENCED) ||
		    !inode_try_get(*inode)) {
			frame_flag_clear(frame, FRAME_FLAG_REFERENCED);
			frame = NULL;
		}
	}
	if (frame)
		frame_get(frame);
	spin_unlock(&ring_lock);
	return frame;
}

size_t tmpfs_shrink(size_t target, size_t scan)
{
	struct frame *batch[SWAP_BATCH_FRAMES];
	size_t nr = 0;

	if (target > SWAP_BATCH_FRAMES)
		target = SWAP_BATCH_FRAMES;
	while (nr < target && scan-- && ring.nr && swap_free_pages()) {
		struct inode *inode;
		struct frame *frame = advance(&inode);

		if (!frame)
			continue;
		if (tmpfs_swap_out(frame))
			batch[nr++] = frame;
		else
			frame_put(frame);
		inode_put(inode);
	}
	return nr ? swap_write(batch, nr) : 0;
}

/* ---- swapoff ---- */

static int bring_back_page(struct inode *inode, uint64_t index, unsigned int nr)
{
	struct frame *frame;
	bool from_disk;
	int err = 0;

	mutex_lock(&inode->lock);
	frame = page_tree_find(&inode->pages, index);
	if (page_tree_is_swap(frame) && page_tree_swap(frame) >> 32 == nr)
		err = tmpfs_bring_back_locked(inode, index,
					      page_tree_swap(frame), &frame,
					      &from_disk);
	mutex_unlock(&inode->lock);
	return err;
}

static uint64_t next_page(struct inode *inode, uint64_t index)
{
	mutex_lock(&inode->lock);
	index = page_tree_next(&inode->pages, index);
	mutex_unlock(&inode->lock);
	return index;
}

static int bring_back_inode(struct inode *inode, unsigned int nr)
{
	uint64_t index = next_page(inode, 0);
	int err = 0;

	while (index != PAGE_TREE_END && !err) {
		if (signal_pending())
			return -EINTR;
		err = bring_back_page(inode, index, nr);
		if (err == -ENOMEM && reclaim_frames())
			err = 0; /* once more */
		else
			index = next_page(inode, index + 1);
	}
	return err;
}

/* The inode at the head of the list, which goes to its end, with a reference. */
static struct inode *rotate(void)
{
	struct inode *inode = NULL;

	spin_lock(&ring_lock);
	if (!list_empty(&swapped)) {
		inode = list_first_entry(&swapped, struct inode, swap_link);
		list_remove(&inode->swap_link);
		list_push_back(&swapped, &inode->swap_link);
		if (!inode_try_get(inode))
			inode = NULL;
	}
	spin_unlock(&ring_lock);
	return inode;
}

int tmpfs_bring_back_area(unsigned int nr)
{
	int err = 0;

	for (size_t left = nr_swapped_inodes; left && !err; left--) {
		struct inode *inode = rotate();

		if (!inode)
			continue;
		err = bring_back_inode(inode, nr);
		inode_put(inode);
	}
	return err;
}

/* ---- counting ---- */

uint64_t tmpfs_count_swapped(struct inode *inode, uint64_t first, uint64_t end)
{
	uint64_t nr = 0, index;

	if (!inode->nr_swapped)
		return 0;
	mutex_lock(&inode->lock);
	for (index = page_tree_next(&inode->pages, first); index < end;
	     index = page_tree_next(&inode->pages, index + 1))
		nr += page_tree_is_swap(page_tree_find(&inode->pages, index));
	mutex_unlock(&inode->lock);
	return nr;
}
