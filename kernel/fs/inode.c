/*
 * Inodes: creation, references, attributes.
 */
#include "inode.h"

#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "arch.h"
#include "cred.h"
#include "kmalloc.h"
#include "task.h"
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

/* Who asks: the ids for files, and capabilities. */
struct accessor {
	uint32_t uid, gid;
	uint64_t capabilities;
};

static bool has(const struct accessor *who, enum capability cap)
{
	return who->capabilities >> cap & 1;
}

/* The three bits of @inode's mode that are meant for @who. */
static unsigned int rights_of(const struct inode *inode,
			      const struct accessor *who)
{
	if (who->uid == inode->uid)
		return inode->mode >> 6;
	if (who->gid == inode->gid || in_group(current->cred, inode->gid))
		return inode->mode >> 3;
	return inode->mode;
}

static int check_access(const struct inode *inode, int access,
			const struct accessor *who)
{
	const uint32_t anybody = S_IXUSR | S_IXGRP | S_IXOTH;
	bool dir = S_ISDIR(inode->mode);

	if (!((unsigned int)access & ~rights_of(inode, who) & 7))
		return 0;
	if (has(who, CAP_DAC_OVERRIDE) &&
	    (dir || !(access & X_OK) || inode->mode & anybody))
		return 0;
	if (has(who, CAP_DAC_READ_SEARCH) &&
	    (access == R_OK || (dir && !(access & W_OK))))
		return 0;
	return -EACCES;
}

int inode_access(const struct inode *inode, int access)
{
	const struct cred *cred = current->cred;
	const struct accessor who = { cred->user.fs, cred->group.fs,
				      cred->effective };

	return check_access(inode, access, &who);
}

/* A program with set-id bits asks what its caller might do. */
int inode_access_real(const struct inode *inode, int access)
{
	const struct cred *cred = current->cred;
	const struct accessor who = { cred->user.real, cred->group.real,
				      cred->user.real ? 0 : cred->permitted };

	return check_access(inode, access, &who);
}

bool inode_is_own(const struct inode *inode)
{
	return inode->uid == current->cred->user.fs || capable(CAP_FOWNER);
}
