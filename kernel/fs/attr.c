/*
 * System calls that read or change a file's attributes.
 */
#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "arch.h"
#include "cred.h"
#include "fdtable.h"
#include "file.h"
#include "ledger.h"
#include "namei.h"
#include "task.h"
#include "timer.h"
#include "vfs.h"

/* The dentry that an *at() call means: @path, or with an empty one @dirfd's. */
static int lookup_at(int dirfd, const char *path, int at_flags,
		     struct dentry **dentry)
{
	return path_lookup(dirfd, path, !(at_flags & AT_SYMLINK_NOFOLLOW),
			   dentry);
}

/* stat("", AT_EMPTY_PATH) is fstat, also of files without a name. */
static int stat_descriptor(int dirfd, struct stat *stat)
{
	struct fd fd;

	if (dirfd == AT_FDCWD)
		return vfs_stat(dirfd, ".", 0, stat);
	fd = fd_get(dirfd);
	if (!fd.file)
		return -EBADF;
	file_stat(fd.file, stat);
	fd_put(fd);
	return 0;
}

int vfs_stat(int dirfd, const char *path, int at_flags, struct stat *stat)
{
	const int known = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH |
			  AT_NO_AUTOMOUNT;
	struct dentry *dentry;
	int err;

	if (at_flags & ~known)
		return -EINVAL;
	if (!*path && at_flags & AT_EMPTY_PATH)
		return stat_descriptor(dirfd, stat);
	err = lookup_at(dirfd, path, at_flags, &dentry);
	if (err)
		return err;
	inode_stat(dentry->inode, stat);
	dentry_put(dentry);
	return 0;
}

/* ---- file system ---- */

static void fs_statfs(const struct filesystem *fs, struct statfs *statfs)
{
	uint64_t left = fs->max_frames > fs->nr_frames
				? fs->max_frames - fs->nr_frames
				: 0;
	uint64_t free = ledger.frames[FRAME_FREE];

	*statfs = (struct statfs){
		.f_type = fs->magic,
		.f_bsize = PAGE_SIZE,
		.f_frsize = PAGE_SIZE,
		.f_namelen = NAME_MAX_BYTES,
		.f_blocks = fs->max_frames,
		.f_bfree = left < free ? left : free,
		.f_files = fs->nr_inodes,
	};
	statfs->f_bavail = statfs->f_bfree;
}

void file_statfs(struct file *file, struct statfs *statfs)
{
	fs_statfs(file->inode->fs, statfs);
}

int vfs_statfs(const char *path, struct statfs *statfs)
{
	struct dentry *dentry;
	int err = path_lookup(AT_FDCWD, path, true, &dentry);

	if (err)
		return err;
	fs_statfs(dentry->inode->fs, statfs);
	dentry_put(dentry);
	return 0;
}

/* ---- rights, owner, times, size ---- */

int vfs_access(int dirfd, const char *path, int access, int at_flags)
{
	struct dentry *dentry;
	int err;

	if (access & ~(R_OK | W_OK | X_OK) ||
	    at_flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	err = lookup_at(dirfd, path, at_flags, &dentry);
	if (err)
		return err;
	err = at_flags & AT_EACCESS ? inode_access(dentry->inode, access)
				    : inode_access_real(dentry->inode, access);
	if (!err && access & W_OK && dentry->inode->fs->read_only)
		err = -EROFS;
	dentry_put(dentry);
	return err;
}

static int inode_chmod(struct inode *inode, uint32_t mode)
{
	if (inode->fs->read_only)
		return -EROFS;
	if (!inode_is_own(inode))
		return -EPERM;
	inode->mode = (inode->mode & S_IFMT) | (mode & 07777);
	inode->ctime_ns = ktime_real_ns();
	return 0;
}

/* An owner may give a file to another of his groups; for more it takes root. */
static bool may_chown(const struct inode *inode, uint32_t uid, uint32_t gid)
{
	const struct cred *cred = current->cred;

	if (capable(CAP_CHOWN))
		return true;
	return inode->uid == cred->user.fs &&
	       (uid == NO_ID || uid == inode->uid) &&
	       (gid == NO_ID || gid == inode->gid || in_group(cred, gid));
}

/* An id of -1 means: leave it. */
static int inode_chown(struct inode *inode, uint32_t uid, uint32_t gid)
{
	if (inode->fs->read_only)
		return -EROFS;
	if (!may_chown(inode, uid, gid))
		return -EPERM;
	if (uid != NO_ID)
		inode->uid = uid;
	if (gid != NO_ID)
		inode->gid = gid;
	/* What runs with its owner's rights must not change hands so. */
	if (S_ISREG(inode->mode))
		inode->mode &= ~(inode->mode & S_IXGRP ? S_ISUID | S_ISGID
						       : S_ISUID);
	inode->ctime_ns = ktime_real_ns();
	return 0;
}

int file_chmod(struct file *file, uint32_t mode)
{
	return file_is_path(file) ? -EBADF : inode_chmod(file->inode, mode);
}

int file_chown(struct file *file, uint32_t uid, uint32_t gid)
{
	return file_is_path(file) ? -EBADF
				  : inode_chown(file->inode, uid, gid);
}

int vfs_chmod(int dirfd, const char *path, uint32_t mode)
{
	struct dentry *dentry;
	int err = path_lookup(dirfd, path, true, &dentry);

	if (err)
		return err;
	err = inode_chmod(dentry->inode, mode);
	dentry_put(dentry);
	return err;
}

int vfs_chown(int dirfd, const char *path, uint32_t uid, uint32_t gid,
	      int at_flags)
{
	struct dentry *dentry;
	int err = lookup_at(dirfd, path, at_flags, &dentry);

	if (err)
		return err;
	err = inode_chown(dentry->inode, uid, gid);
	dentry_put(dentry);
	return err;
}

static void set_times(struct inode *inode, int64_t atime_ns, int64_t mtime_ns)
{
	if (atime_ns >= 0)
		inode->atime_ns = (uint64_t)atime_ns;
	if (mtime_ns >= 0)
		inode->mtime_ns = (uint64_t)mtime_ns;
	inode->ctime_ns = ktime_real_ns();
}

int vfs_utimes(int dirfd, const char *path, int64_t atime_ns, int64_t mtime_ns,
	       int at_flags)
{
	struct dentry *dentry;
	int err = lookup_at(dirfd, path, at_flags, &dentry);

	if (err)
		return err;
	if (inode_is_own(dentry->inode) ||
	    !inode_access(dentry->inode, W_OK))
		set_times(dentry->inode, atime_ns, mtime_ns);
	else
		err = -EPERM;
	dentry_put(dentry);
	return err;
}

void file_utimes(struct file *file, int64_t atime_ns, int64_t mtime_ns)
{
	set_times(file->inode, atime_ns, mtime_ns);
}

static int inode_truncate(struct inode *inode, loff_t size)
{
	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (!S_ISREG(inode->mode))
		return -EINVAL;
	if (inode->fs->read_only || !inode->ops->truncate)
		return -EROFS;
	return inode->ops->truncate(inode, size);
}

int vfs_truncate(const char *path, loff_t size)
{
	struct dentry *dentry;
	int err;

	if (size < 0)
		return -EINVAL;
	err = path_lookup(AT_FDCWD, path, true, &dentry);
	if (err)
		return err;
	err = S_ISREG(dentry->inode->mode) ? inode_access(dentry->inode, W_OK)
					   : 0;
	if (!err)
		err = inode_truncate(dentry->inode, size);
	dentry_put(dentry);
	return err;
}
