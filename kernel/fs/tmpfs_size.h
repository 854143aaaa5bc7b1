/*
 * tmpfs_size.c: which pages a file of tmpfs has; and what it wants of tmpfs.c.
 */
#pragma once

#include "types.h"

struct file;
struct frame;
struct inode;

/* See struct inode_ops. */
int tmpfs_truncate(struct inode *inode, loff_t size);
int tmpfs_allocate(struct inode *inode, loff_t offset, loff_t bytes,
		   bool keep_size);
int tmpfs_punch_hole(struct inode *inode, loff_t offset, loff_t bytes);

/* file_ops->lseek, with SEEK_DATA and SEEK_HOLE. */
loff_t tmpfs_lseek(struct file *file, loff_t offset, int whence);

/*
 * Fill the hole at @index with *@frame, all zeros; the tree has its reference.
 * Caller holds inode->lock. -ENOSPC, -ENOMEM.
 */
int tmpfs_fill_hole_locked(struct inode *inode, uint64_t index,
			   struct frame **frame);

/*
 * The frame of a page with a reference added, or NULL: a hole. One that was swapped
 * out is brought back. 0, -ENOMEM, -EIO. inode->lock is not held.
 */
int tmpfs_find_frame(struct inode *inode, uint64_t index, struct frame **frame);

/* page_tree_drop_fn: the inode @arg does without @frame. */
bool tmpfs_drop_frame(struct frame *frame, void *arg);
