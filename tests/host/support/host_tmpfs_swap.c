/*
 * A machine without swap that promises everything, for host tests of tmpfs.
 */
#include <uapi/errno.h>

#include "host.h"
#include "overcommit.h"
#include "panic.h"
#include "reclaim.h"
#include "tmpfs_swap.h"

void tmpfs_frame_enters(struct frame *frame)
{
	(void)frame;
}

void tmpfs_frame_leaves(struct frame *frame)
{
	(void)frame;
}

int tmpfs_bring_back_locked(struct inode *inode, uint64_t index, swap_t entry,
			    struct frame **frame, bool *from_disk)
{
	(void)inode, (void)index, (void)entry, (void)frame, (void)from_disk;
	panic("a page is on a disk that does not exist");
}

void tmpfs_forget_swapped(struct inode *inode, swap_t entry)
{
	(void)inode, (void)entry;
	panic("a page is on a disk that does not exist");
}

size_t reclaim_frames(void)
{
	return 0;
}

int overcommit_memory = OVERCOMMIT_ALWAYS;
int64_t overcommit_committed;

bool overcommit_check(uint64_t pages, uint64_t mm_pages)
{
	(void)pages, (void)mm_pages;
	return true;
}
