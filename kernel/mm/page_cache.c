/*
 * The page cache.
 *
 * A miss reads a cluster, the pages around the one that is wanted:
 *
 *	pages   | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 |
 *	cached        x                       x
 *	wanted               w
 *	read              [  -    -    -    -  ]        what is missing beside it
 *
 * The frames are entered into the file's tree before the disk is asked, marked
 * FRAME_FLAG_READING, so that whoever comes second finds them and waits instead
 * of reading again.
 *
 * All cached frames that are complete stand in one ring, and a clock hand goes
 * around it to find what to give up: see frame_ring.h.
 */
#include "page_cache.h"

#include <uapi/errno.h>

#include "file.h"
#include "frame.h"
#include "frame_ring.h"
#include "lock.h"
#include "panic.h"
#include "reclaim.h"
#include "sched.h"
#include "string.h"

/* As Linux's page-cluster 3; the first page of a cluster is a multiple of it. */
#define CLUSTER_PAGES 8

/* Whoever waits for a page waits here; there are never many. */
static struct wait_queue page_read = WAIT_QUEUE_INIT(page_read);

static struct spinlock clock_lock = SPINLOCK_INIT(RANK_TABLE);
static struct frame_ring page_clock; /* clock_lock: every cached, complete frame */
static uint64_t nr_read;      /* atomic */

uint64_t page_cache_nr_read(void)
{
	return __atomic_load_n(&nr_read, __ATOMIC_RELAXED);
}

/* ---- the clock ---- */

static void clock_insert(struct frame *frame)
{
	spin_lock(&clock_lock);
	frame_ring_insert(&page_clock, frame);
	spin_unlock(&clock_lock);
}

static void clock_remove(struct frame *frame)
{
	spin_lock(&clock_lock);
	frame_ring_remove(&page_clock, frame);
	spin_unlock(&clock_lock);
}

/* ---- finding ---- */

static uint64_t nr_pages(const struct inode *inode)
{
	return page_align_up((uint64_t)inode->size) >> PAGE_SHIFT;
}

/* The frame in the tree, with a reference, or NULL. Caller holds inode->lock. */
static struct frame *find_locked(struct inode *inode, uint64_t index)
{
	struct frame *frame;

	assert_held(&inode->lock);
	frame = page_tree_find(&inode->pages, index);
	if (frame) {
		frame_get(frame);
		frame_flag_set(frame, FRAME_FLAG_REFERENCED);
	}
	return frame;
}

/* Somebody else is reading the frame: wait. -EIO, and no reference any more. */
static int wait_until_read(struct frame *frame)
{
	wait_event_blocked(&page_read, !frame_flag_test(frame, FRAME_FLAG_READING));
	if (!frame_flag_test(frame, FRAME_FLAG_ERROR))
		return 0;
	frame_put(frame);
	return -EIO;
}

/* ---- reading ---- */

/*
 * A run of pages that are read together: [start, end) of the slots, each with a
 * frame that we have a reference to. Slot 0 is page @low.
 */
struct cluster {
	uint64_t low;
	unsigned int start, end;
	struct frame *slot[CLUSTER_PAGES];
};

/*
 * Enter a new frame for the page of @slot. False: it has one, or there is no
 * memory. Only the page that is @wanted may take one of the last free frames.
 * Caller holds inode->lock.
 */
static bool enter_page(struct inode *inode, struct cluster *cluster,
		       unsigned int slot, bool wanted)
{
	uint64_t index = cluster->low + slot;
	struct frame *frame;

	if (page_tree_find(&inode->pages, index) ||
	    (!wanted && memory_is_low()))
		return false;
	frame = frame_alloc(0, FRAME_CACHE);
	if (!frame)
		return false;
	frame->owner = inode;
	frame->index = index;
	if (page_tree_insert(&inode->pages, index, frame)) {
		frame_free(frame);
		return false;
	}
	frame_flag_set(frame, FRAME_FLAG_READING);
	frame_get(frame);
	cluster->slot[slot] = frame;
	return true;
}

/*
 * Enter page @index, which is missing, into the tree and *@cluster, and if
 * @around is set what is missing beside it. -ENOMEM: not even that one page.
 * Caller holds inode->lock.
 */
static int enter_cluster(struct inode *inode, uint64_t index, bool around,
			 struct cluster *cluster)
{
	unsigned int slot = index % CLUSTER_PAGES;
	uint64_t left = nr_pages(inode) - (index - slot);
	unsigned int limit = left < CLUSTER_PAGES ? (unsigned int)left
						  : CLUSTER_PAGES;

	cluster->low = index - slot;
	cluster->start = slot;
	cluster->end = slot + 1;
	if (!enter_page(inode, cluster, slot, true))
		return -ENOMEM;
	if (!around)
		return 0;
	while (cluster->end < limit &&
	       enter_page(inode, cluster, cluster->end, false))
		cluster->end++;
	while (cluster->start > 0 &&
	       enter_page(inode, cluster, cluster->start - 1, false))
		cluster->start--;
	return 0;
}

/* A mapping shows the whole last page: behind the end it is zeros. */
static void clear_tail(const struct inode *inode, const struct cluster *cluster)
{
	uint64_t size = (uint64_t)inode->size;
	size_t used = size & (PAGE_SIZE - 1);
	struct frame *last = cluster->slot[cluster->end - 1];

	if (last->index == size >> PAGE_SHIFT)
		memset((char *)frame_to_virt(last) + used, 0, PAGE_SIZE - used);
}

/* The disk could not: take the pages out again and let the waiters know. */
static void fail_cluster(struct inode *inode, struct cluster *cluster)
{
	mutex_lock(&inode->lock);
	for (unsigned int i = cluster->start; i < cluster->end; i++) {
		struct frame *frame = cluster->slot[i];

		page_tree_remove(&inode->pages, frame->index);
		frame_flag_set(frame, FRAME_FLAG_ERROR);
		frame_put(frame); /* the tree's reference; ours is left */
	}
	mutex_unlock(&inode->lock);
}

static void finish_cluster(const struct inode *inode, struct cluster *cluster)
{
	clear_tail(inode, cluster);
	for (unsigned int i = cluster->start; i < cluster->end; i++)
		clock_insert(cluster->slot[i]);
	__atomic_fetch_add(&nr_read, cluster->end - cluster->start,
			   __ATOMIC_RELAXED);
}

static int fill_cluster(struct inode *inode, struct cluster *cluster)
{
	unsigned int start = cluster->start;
	int err = inode->ops->read_pages(inode, cluster->low + start,
					 cluster->slot + start,
					 cluster->end - start);

	if (err)
		fail_cluster(inode, cluster);
	else
		finish_cluster(inode, cluster);
	for (unsigned int i = start; i < cluster->end; i++)
		frame_flag_clear(cluster->slot[i], FRAME_FLAG_READING);
	wake_up(&page_read);
	return err;
}

/* Keep the reference to page @index, if there is no @err, and no other. */
static void put_cluster(struct cluster *cluster, uint64_t index, int err,
			struct frame **frame)
{
	for (unsigned int i = cluster->start; i < cluster->end; i++) {
		if (cluster->low + i == index && !err)
			*frame = cluster->slot[i];
		else
			frame_put(cluster->slot[i]);
	}
}

/* Page @index was missing a moment ago. */
static int read_page(struct inode *inode, uint64_t index, bool around,
		     struct frame **frame, bool *from_disk)
{
	struct cluster cluster;
	int err;

	if (memory_is_low())
		page_cache_shrink(CLUSTER_PAGES, 4 * CLUSTER_PAGES);
	mutex_lock(&inode->lock);
	*frame = find_locked(inode, index);
	err = *frame ? 0 : enter_cluster(inode, index, around, &cluster);
	mutex_unlock(&inode->lock);
	if (*frame)
		return wait_until_read(*frame);
	if (err)
		return err;
	*from_disk = true;
	err = fill_cluster(inode, &cluster);
	put_cluster(&cluster, index, err, frame);
	return err;
}

/*
 * @around: read the cluster on a miss. Else do so only when the page in front is
 * there, as it is when a file is read from one end to the other.
 */
static int get_page(struct inode *inode, uint64_t index, bool around,
		    struct frame **frame, bool *from_disk)
{
	int err;

	*from_disk = false;
	if (index >= nr_pages(inode))
		return -ENXIO;
	mutex_lock(&inode->lock);
	*frame = find_locked(inode, index);
	if (!*frame && index && page_tree_find(&inode->pages, index - 1))
		around = true;
	mutex_unlock(&inode->lock);
	err = *frame ? wait_until_read(*frame)
		     : read_page(inode, index, around, frame, from_disk);
	/* A cluster fails as a whole; this page of it may be readable. */
	if (unlikely(err == -EIO))
		err = read_page(inode, index, false, frame, from_disk);
	return err;
}

/* ---- what files do with it ---- */

int page_cache_get_frame(struct file *file, uint64_t index,
			 struct frame **frame, bool *from_disk)
{
	return get_page(file->inode, index, true, frame, from_disk);
}

ssize_t page_cache_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	struct inode *inode = file->inode;
	loff_t start = *pos;
	int err = 0;

	while (to->bytes && *pos < inode->size) {
		size_t offset = (uint64_t)*pos & (PAGE_SIZE - 1);
		size_t n = PAGE_SIZE - offset, copied;
		struct frame *frame;
		bool from_disk;

		if (n > to->bytes)
			n = to->bytes;
		if (n > (uint64_t)(inode->size - *pos))
			n = (size_t)(inode->size - *pos);
		err = get_page(inode, (uint64_t)*pos >> PAGE_SHIFT, false,
			       &frame, &from_disk);
		if (err)
			break;
		copied = io_put(to, (char *)frame_to_virt(frame) + offset, n);
		frame_put(frame);
		*pos += (loff_t)copied;
		if (copied < n) {
			err = -EFAULT;
			break;
		}
	}
	return *pos > start ? *pos - start : err;
}

int page_cache_copy(struct inode *inode, uint64_t pos, void *to, size_t bytes)
{
	while (bytes) {
		size_t offset = pos & (PAGE_SIZE - 1);
		size_t n = PAGE_SIZE - offset;
		struct frame *frame;
		bool from_disk;
		int err;

		if (n > bytes)
			n = bytes;
		err = get_page(inode, pos >> PAGE_SHIFT, true, &frame,
			       &from_disk);
		if (err)
			return err;
		memcpy(to, (char *)frame_to_virt(frame) + offset, n);
		frame_put(frame);
		to = (char *)to + n;
		pos += n;
		bytes -= n;
	}
	return 0;
}

/* ---- giving up ---- */

static bool drop_frame(struct frame *frame, void *arg)
{
	(void)arg;
	clock_remove(frame);
	frame_put(frame);
	return true;
}

void page_cache_destroy(struct inode *inode)
{
	page_tree_cut(&inode->pages, 0, PAGE_TREE_END, drop_frame, NULL);
}

/*
 * Move the hand by one frame. If it was not used lately and by nobody now, it is
 * returned with a reference, and its inode with one too; else NULL.
 *
 * An inode that is being destroyed takes its frames out of the ring first, so
 * the pointer is good while clock_lock is held.
 */
static struct frame *clock_advance(struct inode **inode)
{
	struct frame *frame;

	spin_lock(&clock_lock);
	frame = frame_ring_advance(&page_clock);
	if (!frame)
		goto out;
	*inode = frame->owner;
	if (__atomic_load_n(&frame->refs, __ATOMIC_RELAXED) != 1 ||
	    frame_flag_test(frame, FRAME_FLAG_REFERENCED) ||
	    !inode_try_get(*inode)) {
		frame_flag_clear(frame, FRAME_FLAG_REFERENCED);
		frame = NULL;
		goto out;
	}
	frame_get(frame);
out:
	spin_unlock(&clock_lock);
	return frame;
}

/* Take @frame out of its file unless somebody has got hold of it meanwhile. */
static bool try_drop(struct inode *inode, struct frame *frame)
{
	bool dropped = false;

	mutex_lock(&inode->lock);
	/* Two references, the tree's and ours: and no new one without the lock. */
	if (__atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE) == 2 &&
	    page_tree_find(&inode->pages, frame->index) == frame) {
		page_tree_remove(&inode->pages, frame->index);
		dropped = drop_frame(frame, NULL);
	}
	mutex_unlock(&inode->lock);
	return dropped;
}

bool page_cache_give_up(struct frame *frame)
{
	bool dropped = try_drop(frame->owner, frame);

	frame_put(frame);
	return dropped;
}

size_t page_cache_shrink(size_t target, size_t scan)
{
	size_t nr_dropped = 0;

	while (nr_dropped < target && scan-- && page_clock.nr) {
		struct inode *inode;
		struct frame *frame = clock_advance(&inode);

		if (!frame)
			continue;
		nr_dropped += try_drop(inode, frame);
		frame_put(frame);
		inode_put(inode);
	}
	return nr_dropped;
}

/* Two rounds: the first takes the marks off. */
size_t page_cache_drop(void)
{
	return page_cache_shrink(SIZE_MAX, 2 * page_clock.nr);
}
