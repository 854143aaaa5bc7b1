/*
 * System calls that make, remove and move names.
 */
#include "names.h"

#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "cred.h"
#include "kmalloc.h"
#include "namei.h"
#include "string.h"
#include "task.h"
#include "timer.h"
#include "vfs.h"

uint32_t umask_of_current(void)
{
	return current->fs ? current->fs->umask : 0;
}

/* Whether entries of @dir may be made, and taken away. */
static int check_dir(const struct dentry *dir)
{
	if (!dir->inode->ops->create)
		return -EROFS;
	return inode_access(dir->inode, W_OK | X_OK);
}

/* In a sticky directory, such as /tmp, names belong to the owner of the file. */
static int check_removal(const struct dentry *dir, const struct dentry *dentry)
{
	int err = check_dir(dir);

	if (err || !(dir->inode->mode & S_ISVTX) ||
	    dir->inode->uid == current->cred->user.fs)
		return err;
	return inode_is_own(dentry->inode) ? 0 : -EPERM;
}

/* A new inode belongs to who makes it, or to the group of a set-gid directory. */
static void give_owner(const struct inode *dir, struct inode *inode)
{
	inode->uid = current->cred->user.fs;
	inode->gid = dir->mode & S_ISGID ? dir->gid : current->cred->group.fs;
}

/* The entries of @dir have changed. */
static void touch_dir(struct dentry *dir)
{
	dir->inode->mtime_ns = dir->inode->ctime_ns = ktime_real_ns();
}

/* Enter @inode, whose reference is taken over also on failure. */
static int name_inode(struct dentry *dir, const char *name, size_t length,
		      struct inode *inode, struct dentry **out)
{
	struct dentry *dentry = dentry_create(name, length, inode);
	int err;

	if (!dentry) {
		inode_put(inode);
		return -ENOMEM;
	}
	err = dentry_link(dir, dentry, true);
	if (!err)
		touch_dir(dir);
	if (!err && out)
		*out = dentry;
	else
		dentry_put(dentry);
	return err;
}

int name_create(struct dentry *dir, const char *name, size_t length,
		uint32_t mode, uint64_t rdev, struct dentry **dentry)
{
	struct inode *inode;
	int err = check_dir(dir);

	if (!err)
		err = dir->inode->ops->create(dir->inode, mode, rdev, &inode);
	if (err)
		return err;
	give_owner(dir->inode, inode);
	return name_inode(dir, name, length, inode, dentry);
}

/*
 * Walk to where a new name is to be made. -EEXIST: there is one already. A
 * trailing slash is only right for a new directory, @is_dir.
 */
static int walk_to_new(struct walk *walk, int dirfd, const char *path,
		       bool is_dir)
{
	struct dentry *dentry;
	int err = walk_start(walk, dirfd, path);

	if (err)
		return err;
	err = walk_to_last(walk);
	if (err)
		goto fail;
	err = walk_last(walk, &dentry);
	if (!err) {
		dentry_put(dentry);
		err = -EEXIST;
	} else if (err == -ENOENT && (is_dir || !walk->slash)) {
		return 0;
	}
fail:
	walk_end(walk);
	return err;
}

static int make_name(int dirfd, const char *path, uint32_t mode, uint64_t rdev)
{
	struct walk walk;
	int err = walk_to_new(&walk, dirfd, path, S_ISDIR(mode));

	if (err)
		return err;
	err = name_create(walk.at, walk.name, walk.name_bytes,
			  mode & ~umask_of_current(), rdev, NULL);
	walk_end(&walk);
	return err;
}

int vfs_mkdir(int dirfd, const char *path, uint32_t mode)
{
	return make_name(dirfd, path, S_IFDIR | (mode & 01777), 0);
}

int vfs_mknod(int dirfd, const char *path, uint32_t mode, uint64_t rdev)
{
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	if (S_ISDIR(mode) ||
	    ((S_ISCHR(mode) || S_ISBLK(mode)) && !capable(CAP_MKNOD)))
		return -EPERM;
	if (!S_ISREG(mode) && !S_ISCHR(mode) && !S_ISBLK(mode) &&
	    !S_ISFIFO(mode) && !S_ISSOCK(mode))
		return -EINVAL;
	return make_name(dirfd, path, mode & (S_IFMT | 07777), rdev);
}

/* ---- links ---- */

static int symlink_at(struct dentry *dir, const char *name, size_t length,
		      const char *target)
{
	size_t bytes = strlen(target) + 1;
	struct inode *inode;
	char *copy;
	int err = check_dir(dir);

	if (err)
		return err;
	copy = kmalloc(bytes);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, target, bytes);
	err = dir->inode->ops->create(dir->inode, S_IFLNK | 0777, 0, &inode);
	if (err) {
		kfree(copy);
		return err;
	}
	give_owner(dir->inode, inode);
	inode->link = copy;
	inode->size = (loff_t)bytes - 1;
	return name_inode(dir, name, length, inode, NULL);
}

int vfs_symlink(const char *target, int dirfd, const char *path)
{
	struct walk walk;
	int err;

	if (!*target)
		return -ENOENT;
	err = walk_to_new(&walk, dirfd, path, false);
	if (err)
		return err;
	err = symlink_at(walk.at, walk.name, walk.name_bytes, target);
	walk_end(&walk);
	return err;
}

static int link_at(struct walk *walk, struct inode *inode)
{
	int err;

	if (inode->fs != walk->at->inode->fs)
		return -EXDEV;
	err = check_dir(walk->at);
	if (err)
		return err;
	if (S_ISDIR(inode->mode))
		return -EPERM;
	inode_get(inode);
	return name_inode(walk->at, walk->name, walk->name_bytes, inode, NULL);
}

int vfs_link(int old_dirfd, const char *old_path, int new_dirfd,
	     const char *new_path, int at_flags)
{
	struct dentry *old;
	struct walk walk;
	int err = path_lookup(old_dirfd, old_path,
			      at_flags & AT_SYMLINK_FOLLOW, &old);

	if (err)
		return err;
	err = walk_to_new(&walk, new_dirfd, new_path, false);
	if (!err) {
		err = link_at(&walk, old->inode);
		walk_end(&walk);
	}
	if (!err)
		old->inode->ctime_ns = ktime_real_ns();
	dentry_put(old);
	return err;
}

/* A target that is longer than the buffer is cut, as readlink(2) says. */
static ssize_t read_target(struct inode *inode, struct io_buf *to)
{
	char *made = NULL;
	const char *target = inode->ops->get_link(inode, &made);
	size_t bytes, copied;

	if (!target)
		return -ENOMEM;
	bytes = strlen(target);
	if (bytes > to->bytes)
		bytes = to->bytes;
	copied = io_put(to, target, bytes);
	kfree(made);
	return copied == bytes ? (ssize_t)bytes : -EFAULT;
}

ssize_t vfs_readlink(int dirfd, const char *path, struct io_buf *to)
{
	struct dentry *dentry;
	ssize_t result = path_lookup(dirfd, path, false, &dentry);

	if (result)
		return result;
	result = -EINVAL;
	if (S_ISLNK(dentry->inode->mode) && to->bytes)
		result = read_target(dentry->inode, to);
	dentry_put(dentry);
	return result;
}

/* ---- removal ---- */

/* Remove the last component of @path, a directory or not as @dir says. */
static int remove_last(struct walk *walk, bool dir)
{
	struct dentry *dentry;
	int err = walk_last(walk, &dentry);

	if (err)
		return err;
	err = check_removal(walk->at, dentry);
	if (!err && S_ISDIR(dentry->inode->mode) != dir)
		err = dir ? -ENOTDIR : -EISDIR;
	if (!err && walk->slash && !dir)
		err = -ENOTDIR;
	if (!err)
		err = dentry_unlink(dentry);
	if (!err) {
		touch_dir(walk->at);
		dentry->inode->ctime_ns = ktime_real_ns();
	}
	dentry_put(dentry);
	return err;
}

int vfs_unlink(int dirfd, const char *path)
{
	struct walk walk;
	int err = walk_start(&walk, dirfd, path);

	if (err)
		return err;
	err = walk_to_last(&walk);
	if (!err)
		err = walk_ends_in_dots(&walk) ? -EISDIR
					       : remove_last(&walk, false);
	walk_end(&walk);
	return err;
}

/* rmdir(2) has an errno for each kind of path that it cannot remove. */
static int rmdir_dots_error(const struct walk *walk)
{
	if (!walk->name_bytes)
		return -EBUSY;
	return walk->name_bytes == 1 ? -EINVAL : -ENOTEMPTY;
}

int vfs_rmdir(int dirfd, const char *path)
{
	struct walk walk;
	int err = walk_start(&walk, dirfd, path);

	if (err)
		return err;
	err = walk_to_last(&walk);
	if (!err)
		err = walk_ends_in_dots(&walk) ? rmdir_dots_error(&walk)
					       : remove_last(&walk, true);
	walk_end(&walk);
	return err;
}

/* ---- rename ---- */

/* Whether @old may take the place of @victim, NULL if there is none. */
static int check_rename(const struct walk *from, const struct dentry *old,
			const struct walk *to, const struct dentry *victim,
			unsigned int flags)
{
	bool dir = S_ISDIR(old->inode->mode);
	int err;

	if (from->at->inode->fs != to->at->inode->fs)
		return -EXDEV;
	err = check_removal(from->at, old);
	if (!err)
		err = victim ? check_removal(to->at, victim)
			     : check_dir(to->at);
	if (err)
		return err;
	if (!dir && (from->slash || to->slash))
		return -ENOTDIR;
	if (!victim)
		return 0;
	if (flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (S_ISDIR(victim->inode->mode) != dir)
		return dir ? -ENOTDIR : -EISDIR;
	return 0;
}

static int move_name(const struct walk *to, struct dentry *old,
		     struct dentry *victim)
{
	char *name = kmalloc(to->name_bytes + 1);
	int err;

	if (!name)
		return -ENOMEM;
	memcpy(name, to->name, to->name_bytes);
	name[to->name_bytes] = '\0';
	err = dentry_rename(old, to->at, name, to->name_bytes, victim);
	if (err)
		kfree(name);
	return err;
}

/* Both walks stand before their last component. */
static int rename_last(struct walk *from, struct walk *to, unsigned int flags)
{
	struct dentry *old, *victim = NULL;
	int err = walk_last(from, &old);

	if (err)
		return err;
	err = walk_last(to, &victim);
	if (err == -ENOENT)
		err = 0;
	if (!err)
		err = check_rename(from, old, to, victim, flags);
	/* Two names of one file: rename(2) says that nothing happens. */
	if (!err && !(victim && victim->inode == old->inode)) {
		err = move_name(to, old, victim);
		if (!err) {
			touch_dir(from->at);
			touch_dir(to->at);
		}
	}
	if (victim)
		dentry_put(victim);
	dentry_put(old);
	return err;
}

int vfs_rename(int old_dirfd, const char *old_path, int new_dirfd,
	       const char *new_path, unsigned int flags)
{
	struct walk from, to;
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	err = walk_start(&from, old_dirfd, old_path);
	if (err)
		return err;
	err = walk_start(&to, new_dirfd, new_path);
	if (err)
		goto out_from;
	err = walk_to_last(&from);
	if (!err)
		err = walk_to_last(&to);
	if (!err)
		err = walk_ends_in_dots(&from) || walk_ends_in_dots(&to)
			      ? -EBUSY
			      : rename_last(&from, &to, flags);
	walk_end(&to);
out_from:
	walk_end(&from);
	return err;
}
