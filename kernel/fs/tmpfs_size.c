/*
 * The size of a file of tmpfs, and its holes: truncate and fallocate.
 *
 *	pages   | 0 | 1 | 2 | 3 | 4 |
 *	frames    a   -   b   -   -          1, 3 and 4 are holes: zeros
 *	                   ^ size: what a store behind it left is not contents
 *
 * A page that goes away is first made unreachable for faults (by the size) and
 * then taken out of every mapping, so that the next touch of it is a SIGBUS, or
 * a fresh page of zeros.
 */
#include "tmpfs_size.h"

#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "bitmap.h"
#include "file.h"
#include "frame.h"
#include "inode.h"
#include "kmalloc.h"
#include "seals.h"
#include "string.h"
#include "task.h"
#include "timer.h"
#include "unmap_file.h"

static void touch_times(struct inode *inode)
{
	inode->mtime_ns = inode->ctime_ns = ktime_real_ns();
}

/*
 * page_tree_drop_fn. Who has a reference besides the file is a read(2) that is
 * copying, or a process that has faulted meanwhile: for them the page stays, as
 * zeros. Were it dropped, a mapping would show another frame than read(2).
 */
static bool drop_unless_used(struct frame *frame, void *arg)
{
	if (page_tree_is_swap(frame) || frame_refs(frame) == 1)
		return tmpfs_drop_frame(frame, arg);
	page_zero(frame_to_virt(frame));
	return false;
}

/*
 * Clear the bytes [start, end), which lie in one page; a hole has none. Should the
 * page be on a disk that cannot read it, they are lost either way.
 */
static void clear_in_page(struct inode *inode, uint64_t start, uint64_t end)
{
	struct frame *frame;

	if (start >= end ||
	    tmpfs_find_frame(inode, start >> PAGE_SHIFT, &frame) || !frame)
		return;
	memset((char *)frame_to_virt(frame) + start % PAGE_SIZE, 0,
	       end - start);
	frame_put(frame);
}

/* ---- truncate ---- */

static void set_size(struct inode *inode, loff_t size)
{
	mutex_lock(&inode->lock);
	inode->size = size;
	mutex_unlock(&inode->lock);
}

/*
 * What lies behind the new end goes away; the rest of its last page becomes
 * zeros, as a later extension must read.
 */
static void shrink(struct inode *inode, uint64_t size)
{
	uint64_t end = page_align_up(size);

	set_size(inode, (loff_t)size);
	unmap_file_pages(inode, end >> PAGE_SHIFT, UINT64_MAX, true);
	mutex_lock(&inode->lock);
	page_tree_cut(&inode->pages, end >> PAGE_SHIFT, PAGE_TREE_END,
		      drop_unless_used, inode);
	mutex_unlock(&inode->lock);
	clear_in_page(inode, size, end);
}

int tmpfs_truncate(struct inode *inode, loff_t size)
{
	int err = 0;

	mutex_lock(&inode->io_lock);
	if ((size < inode->size && is_sealed(inode, F_SEAL_SHRINK)) ||
	    (size > inode->size && is_sealed(inode, F_SEAL_GROW)))
		err = -EPERM;
	else if (size < inode->size)
		shrink(inode, (uint64_t)size);
	else
		set_size(inode, size);
	mutex_unlock(&inode->io_lock);
	if (!err)
		touch_times(inode);
	return err;
}

/* ---- fallocate ---- */

/*
 * Fill the holes of [first, end); @filled has a bit for each page, all clear,
 * and a set one afterwards for each that was a hole.
 */
static int fill_locked(struct inode *inode, uint64_t first, uint64_t end,
		       uint64_t *filled)
{
	for (uint64_t index = first; index < end; index++) {
		struct frame *frame;
		int err;

		if (page_tree_find(&inode->pages, index))
			continue;
		if (signal_fatal_pending())
			return -EINTR;
		err = tmpfs_fill_hole_locked(inode, index, &frame);
		if (err)
			return err;
		frame_flag_set(frame, FRAME_FLAG_RESERVED);
		bitmap_set(filled, index - first);
	}
	return 0;
}

/* To reserve a page a second time is to use it: so Linux counts. */
static void note_second_time_locked(struct inode *inode, uint64_t first,
				    uint64_t end, const uint64_t *filled)
{
	for (uint64_t index = first; index < end; index++) {
		struct frame *frame = page_tree_find(&inode->pages, index);

		if (!bitmap_test(filled, index - first) && frame &&
		    !page_tree_is_swap(frame))
			frame_flag_clear(frame, FRAME_FLAG_RESERVED);
	}
}

/* The file is as it was before fill_locked(). */
static void unfill_locked(struct inode *inode, uint64_t first, uint64_t end,
			  const uint64_t *filled)
{
	for (uint64_t index = first; index < end; index++)
		if (bitmap_test(filled, index - first))
			page_tree_cut(&inode->pages, index, index + 1,
				      drop_unless_used, inode);
}

static int allocate_locked(struct inode *inode, uint64_t first, uint64_t end)
{
	uint64_t *filled;
	int err;

	if (end - first > inode->fs->max_frames)
		return -ENOSPC;
	filled = kzalloc(BITMAP_WORDS(end - first) * sizeof(*filled));
	if (!filled)
		return -ENOMEM;
	mutex_lock(&inode->lock);
	err = fill_locked(inode, first, end, filled);
	if (err)
		unfill_locked(inode, first, end, filled);
	else
		note_second_time_locked(inode, first, end, filled);
	mutex_unlock(&inode->lock);
	kfree(filled);
	return err;
}

int tmpfs_allocate(struct inode *inode, loff_t offset, loff_t bytes,
		   bool keep_size)
{
	uint64_t end = (uint64_t)(offset + bytes);
	int err;

	mutex_lock(&inode->io_lock);
	if ((loff_t)end > inode->size && is_sealed(inode, F_SEAL_GROW))
		err = -EPERM;
	else
		err = allocate_locked(inode, (uint64_t)offset >> PAGE_SHIFT,
				      (end + PAGE_SIZE - 1) >> PAGE_SHIFT);
	if (!err && !keep_size && (loff_t)end > inode->size)
		set_size(inode, (loff_t)end);
	mutex_unlock(&inode->io_lock);
	if (!err)
		touch_times(inode);
	return err;
}

/* The whole pages of [start, end) become holes, parts of others are cleared. */
static void punch(struct inode *inode, uint64_t start, uint64_t end)
{
	uint64_t first = page_align_up(start), last = page_align_down(end);

	if (first > last) { /* both ends lie in one page */
		clear_in_page(inode, start, end);
		return;
	}
	mutex_lock(&inode->lock);
	page_tree_cut(&inode->pages, first >> PAGE_SHIFT, last >> PAGE_SHIFT,
		      drop_unless_used, inode);
	mutex_unlock(&inode->lock);
	clear_in_page(inode, start, first);
	clear_in_page(inode, last, end);
}

int tmpfs_punch_hole(struct inode *inode, loff_t offset, loff_t bytes)
{
	uint64_t start = (uint64_t)offset, end = (uint64_t)(offset + bytes);

	mutex_lock(&inode->io_lock);
	if (is_sealed(inode, SEALS_WRITE)) {
		mutex_unlock(&inode->io_lock);
		return -EPERM;
	}
	unmap_file_pages(inode, page_align_up(start) >> PAGE_SHIFT,
			 end >> PAGE_SHIFT, false);
	punch(inode, start, end);
	mutex_unlock(&inode->io_lock);
	touch_times(inode);
	return 0;
}

/* ---- where holes and data are ---- */

/* What fallocate() has put there is a hole until somebody uses it. */
static bool is_data(const struct frame *frame)
{
	return frame && (page_tree_is_swap(frame) ||
			 !frame_flag_test(frame, FRAME_FLAG_RESERVED));
}

static uint64_t next_hole(const struct page_tree *tree, uint64_t index)
{
	while (is_data(page_tree_find(tree, index)))
		index++;
	return index;
}

static uint64_t next_data(const struct page_tree *tree, uint64_t index)
{
	index = page_tree_next(tree, index);
	while (index != PAGE_TREE_END && !is_data(page_tree_find(tree, index)))
		index = page_tree_next(tree, index + 1);
	return index;
}

/* Behind the last data there is a hole that ends with the file. */
static loff_t seek_locked(const struct inode *inode, loff_t offset, int whence)
{
	uint64_t index = (uint64_t)offset >> PAGE_SHIFT;
	uint64_t found = whence == SEEK_DATA
				 ? next_data(&inode->pages, index)
				 : next_hole(&inode->pages, index);
	loff_t pos;

	if (found > (uint64_t)INT64_MAX >> PAGE_SHIFT)
		return -ENXIO; /* no data at all */
	pos = found == index ? offset : (loff_t)(found << PAGE_SHIFT);
	if (pos < inode->size)
		return pos;
	return whence == SEEK_DATA ? -ENXIO : inode->size;
}

loff_t tmpfs_lseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file->inode;
	loff_t pos = -ENXIO;

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_lseek(file, offset, whence);
	mutex_lock(&inode->lock);
	if (offset >= 0 && offset < inode->size)
		pos = seek_locked(inode, offset, whence);
	mutex_unlock(&inode->lock);
	if (pos >= 0)
		file->pos = pos;
	return pos;
}
