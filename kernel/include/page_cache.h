/*
 * The page cache: pages of files that are on a disk, kept in frames.
 *
 * A frame is the cache's as long as a file's page tree holds it, and counts as
 * FRAME_CACHE. Its contents are never newer than the disk's, so it can be given
 * up at any time when nobody else has a reference.
 */
#pragma once

#include "types.h"

struct file;
struct frame;
struct inode;
struct io_buf;

/*
 * file_ops: read() and get_frame() of files in the cache. -ENXIO: behind the
 * end. -EIO, -ENOMEM. Both take inode->lock and sleep.
 */
ssize_t page_cache_read(struct file *file, struct io_buf *to, loff_t *pos);
int page_cache_get_frame(struct file *file, uint64_t index,
			 struct frame **frame, bool *from_disk);

/* Copy @bytes at @pos of @inode, all of them. 0, or as those. */
int page_cache_copy(struct inode *inode, uint64_t pos, void *to, size_t bytes);

/* inode_ops->destroy: nobody can reach the file any more; free its frames. */
void page_cache_destroy(struct inode *inode);

/*
 * Give up to @target frames back that nobody has mapped or uses, those first
 * that were not used lately; look at @scan frames at most. Returns how many. No
 * inode->lock may be held.
 */
size_t page_cache_shrink(size_t target, size_t scan);

/*
 * The caller has unmapped @frame and gives its reference: free the frame if nobody
 * else has one. Its inode exists; its lock is taken.
 */
bool page_cache_give_up(struct frame *frame);

/* Give back all that can be. Returns how many. */
size_t page_cache_drop(void);

/* Frames that went from disk to memory since boot. */
uint64_t page_cache_nr_read(void);
