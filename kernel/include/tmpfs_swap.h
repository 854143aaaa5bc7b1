/*
 * tmpfs_swap.c: pages of tmpfs, and of shared memory, on swap disks.
 *
 * A page that is out has no frame in the tree of its file but the number of its
 * slot (page_tree_make_swap()), which is the slot's only user.
 */
#pragma once

#include "types.h"

struct frame;
struct inode;

/* @frame has become a page of its file, or is none any more. */
void tmpfs_frame_enters(struct frame *frame);
void tmpfs_frame_leaves(struct frame *frame);

/*
 * The page at @index of @inode is at @entry of a swap disk: read it, and put the
 * frame back into the tree. 0, -ENOMEM, -EIO. Caller holds inode->lock.
 */
int tmpfs_bring_back_locked(struct inode *inode, uint64_t index, swap_t entry,
			    struct frame **frame, bool *from_disk);

/* A page that is out goes away with its file, or a part of it. */
void tmpfs_forget_swapped(struct inode *inode, swap_t entry);

/*
 * Reclaim: send up to @target pages of files that nobody has mapped or used lately
 * to swap, after a look at @scan at most. Returns how many frames that freed. No
 * inode->lock may be held; sleeps.
 */
size_t tmpfs_shrink(size_t target, size_t scan);

/*
 * The caller has unmapped @frame and has a reference. True: it has left its file
 * for the swap cache, and is to be given to swap_write(). Its inode exists and is
 * not locked.
 */
bool tmpfs_swap_out(struct frame *frame);

/* swapoff: bring back what is on area @nr. 0, -ENOMEM, -EIO, -EINTR. */
int tmpfs_bring_back_area(unsigned int nr);

/* How many pages of [first, end) of @inode are out. */
uint64_t tmpfs_count_swapped(struct inode *inode, uint64_t first, uint64_t end);
