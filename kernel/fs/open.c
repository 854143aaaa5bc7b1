/*
 * open(2): find or create the inode, then make a struct file of it.
 */
#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "block_file.h"
#include "device.h"
#include "file.h"
#include "names.h"
#include "namei.h"
#include "task.h"
#include "vfs.h"

#define AGAIN 1 /* the walk goes on behind a link, or lost a race */

/* The last component is there: is it what @flags want? */
static int open_existing(struct walk *walk, unsigned int flags,
			 struct dentry *found)
{
	uint32_t mode = found->inode->mode;
	int err;

	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (S_ISLNK(mode)) {
		if (flags & O_NOFOLLOW && !walk->slash)
			return flags & O_PATH ? 0 : -ELOOP;
		err = walk_follow(walk, found);
		return err ? err : AGAIN;
	}
	if (S_ISDIR(mode))
		return flags & O_CREAT ? -EISDIR : 0;
	return walk->slash || flags & O_DIRECTORY ? -ENOTDIR : 0;
}

static int open_new(struct walk *walk, uint32_t mode, struct dentry **dentry)
{
	int err;

	if (walk->slash)
		return -EISDIR;
	mode = S_IFREG | (mode & ~umask_of_current() & 07777);
	err = name_create(walk->at, walk->name, walk->name_bytes, mode, 0,
			  dentry);
	return err == -EEXIST ? AGAIN : err;
}

/* *@created: the file is new, so nothing needs to be truncated. */
static int open_walk(struct walk *walk, unsigned int flags, uint32_t mode,
		     struct dentry **dentry, bool *created)
{
	const char *rest;
	int err;

	do {
		rest = walk->rest;
		err = walk_to_last(walk);
		if (err)
			return err;
		err = walk_last(walk, dentry);
		if (err == -ENOENT && flags & O_CREAT) {
			err = open_new(walk, mode, dentry);
			*created = !err;
			if (err == AGAIN)
				walk->rest = rest;
		} else if (!err) {
			err = open_existing(walk, flags, *dentry);
			if (err)
				dentry_put(*dentry);
		}
	} while (err == AGAIN);
	return err;
}

/* What the inode does when opened; NULL: there is nobody behind it. */
static const struct file_ops *ops_of(struct inode *inode)
{
	switch (inode->mode & S_IFMT) {
	case S_IFCHR:
		return char_device_find(inode->rdev);
	case S_IFBLK:
		return block_file_find(inode->rdev);
	case S_IFIFO:
	case S_IFSOCK:
		return NULL;
	default:
		return inode->file_ops;
	}
}

/* Make the open file; @dentry is the caller's. */
static int open_dentry(struct dentry *dentry, unsigned int flags,
		       struct file **out)
{
	struct inode *inode = dentry->inode;
	const struct file_ops *ops = ops_of(inode);
	struct file *file;
	int err;

	/* O_TRUNC alone means to write, too. */
	if (S_ISDIR(inode->mode) && flags & (O_ACCMODE | O_TRUNC))
		return -EISDIR;
	if (S_ISREG(inode->mode) && flags & (O_ACCMODE | O_TRUNC) &&
	    inode->fs->read_only)
		return -EROFS;
	if (!ops)
		return -ENXIO;
	flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC);
	if (!(flags & O_PATH))
		flags |= O_LARGEFILE; /* as Linux does for 64-bit programs */
	file = file_create(inode, dentry, flags);
	if (!file)
		return -ENOMEM;
	file->ops = ops;
	err = ops->open ? ops->open(file) : 0;
	if (err) {
		file->ops = &no_file_ops; /* what did not open is not released */
		file_put(file);
		return err;
	}
	*out = file;
	return 0;
}

/* Whether the rights of an existing file allow to open it with @flags. */
static int open_access(const struct inode *inode, unsigned int flags)
{
	static const int wanted[] = {
		[O_RDONLY] = R_OK, [O_WRONLY] = W_OK,
		[O_RDWR] = R_OK | W_OK, [O_ACCMODE] = R_OK | W_OK,
	};
	int access = wanted[flags & O_ACCMODE];

	if (flags & O_PATH)
		return 0;
	if (flags & O_TRUNC)
		access |= W_OK;
	return inode_access(inode, access);
}

static int truncate_opened(struct file *file)
{
	struct inode *inode = file->inode;

	if (!S_ISREG(inode->mode) || !inode->ops->truncate)
		return 0;
	return inode->ops->truncate(inode, 0);
}

int vfs_open(int dirfd, const char *path, unsigned int flags, uint32_t mode,
	     struct file **file)
{
	struct dentry *dentry;
	struct walk walk;
	bool created = false;
	int err;

	if ((flags & O_TMPFILE) == O_TMPFILE)
		return -EOPNOTSUPP;
	if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
		return -EINVAL;
	err = walk_start(&walk, dirfd, path);
	if (err)
		return err;
	err = open_walk(&walk, flags, mode, &dentry, &created);
	walk_end(&walk);
	if (err)
		return err;
	if (!created)
		err = open_access(dentry->inode, flags);
	if (!err)
		err = open_dentry(dentry, flags, file);
	dentry_put(dentry);
	if (err || created || !(flags & O_TRUNC) || flags & O_PATH)
		return err;
	err = truncate_opened(*file);
	if (err)
		file_put(*file);
	return err;
}

int vfs_open_exec(int dirfd, const char *path, struct file **file)
{
	struct dentry *dentry;
	int err = path_lookup(dirfd, path, true, &dentry);

	if (err)
		return err;
	err = -EACCES;
	if (S_ISREG(dentry->inode->mode))
		err = inode_access(dentry->inode, X_OK);
	if (!err)
		err = open_dentry(dentry, O_RDONLY, file);
	dentry_put(dentry);
	return err;
}
