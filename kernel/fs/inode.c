/*
 * Inodes: creation, references, attributes.
 */
#include "inode.h"

#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "arch.h"
#include "kmalloc.h"
#include "timer.h"

#define STAT_BLOCK_BYTES 512 /* the unit of st_blocks */

struct inode *inode_create(struct filesystem *fs, uint32_t mode,
			   const struct inode_ops *ops,
			   const struct file_ops *file_ops)
{
	struct inode *inode = kzalloc(sizeof(*inode));

	if (!inode)
		return NULL;
	inode->refs = 1;
	inode->mode = mode;
	inode->fs = fs;
	inode->ino = __atomic_add_fetch(&fs->next_ino, 1, __ATOMIC_RELAXED);
	inode->ops = ops;
	inode->file_ops = file_ops;
	inode->atime_ns = inode->mtime_ns = inode->ctime_ns = ktime_real_ns();
	mutex_init(&inode->io_lock, RANK_IO);
	mutex_init(&inode->lock, RANK_INODE);
	if (S_ISDIR(mode))
		list_init(&inode->dir.children);
	__atomic_add_fetch(&fs->nr_inodes, 1, __ATOMIC_RELAXED);
	return inode;
}

void inode_put(struct inode *inode)
{
	if (__atomic_sub_fetch(&inode->refs, 1, __ATOMIC_ACQ_REL))
		return;
	if (inode->ops->destroy)
		inode->ops->destroy(inode);
	if (S_ISDIR(inode->mode))
		kfree(inode->dir.buckets);
	__atomic_sub_fetch(&inode->fs->nr_inodes, 1, __ATOMIC_RELAXED);
	kfree(inode);
}

bool inode_try_get(struct inode *inode)
{
	uint32_t refs = __atomic_load_n(&inode->refs, __ATOMIC_RELAXED);

	while (refs)
		if (__atomic_compare_exchange_n(&inode->refs, &refs, refs + 1,
						true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

static struct timespec timespec_of(uint64_t ns)
{
	return (struct timespec){ (long)(ns / NSEC_PER_SEC),
				  (long)(ns % NSEC_PER_SEC) };
}

void inode_stat(struct inode *inode, struct stat *stat)
{
	mutex_lock(&inode->lock);
	*stat = (struct stat){
		.st_dev = inode->fs->dev,
		.st_ino = inode->ino,
		.st_nlink = inode->nlink,
		.st_mode = inode->mode,
		.st_uid = inode->uid,
		.st_gid = inode->gid,
		.st_rdev = inode->rdev,
		.st_size = inode->size,
		.st_blksize = PAGE_SIZE,
		.st_blocks = inode->nr_frames * (PAGE_SIZE / STAT_BLOCK_BYTES),
		.st_atim = timespec_of(inode->atime_ns),
		.st_mtim = timespec_of(inode->mtime_ns),
		.st_ctim = timespec_of(inode->ctime_ns),
	};
	mutex_unlock(&inode->lock);
}

int inode_access(const struct inode *inode, int access)
{
	const uint32_t anybody = S_IXUSR | S_IXGRP | S_IXOTH;

	if (access & X_OK && !S_ISDIR(inode->mode) && !(inode->mode & anybody))
		return -EACCES;
	return 0;
}
