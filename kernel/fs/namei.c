/*
 * From a path to a dentry, one component at a time.
 */
#include "namei.h"

#include <uapi/errno.h>
#include <uapi/fcntl.h>
#include <uapi/unistd.h>

#include "cred.h"
#include "fdtable.h"
#include "kmalloc.h"
#include "string.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

int path_from_user(vaddr_t user, bool may_be_empty, char **path)
{
	char *buf = kmalloc(PATH_MAX_BYTES);
	long length;

	if (!buf)
		return -ENOMEM;
	length = copy_string_from_user(buf, user, PATH_MAX_BYTES);
	if (length == 0 && !may_be_empty)
		length = -ENOENT;
	if (length < 0) {
		kfree(buf);
		return (int)length;
	}
	*path = buf;
	return 0;
}

void path_put(char *path)
{
	kfree(path);
}

/* ---- one step ---- */

static void walk_move(struct walk *walk, struct dentry *to)
{
	dentry_put(walk->at);
	walk->at = to;
}

/* Ask the file system for a name that the tree does not have. */
static int lookup_uncached(struct dentry *dir, const char *name,
			   size_t length, struct dentry **dentry)
{
	struct inode *inode;
	struct dentry *child;
	int err;

	if (!dir->inode->ops->lookup)
		return -ENOENT;
	err = dir->inode->ops->lookup(dir, name, length, &inode);
	if (err)
		return err;
	child = dentry_create(name, length, inode);
	if (!child) {
		inode_put(inode);
		return -ENOMEM;
	}
	err = dentry_link(dir, child, false);
	if (err == -EEXIST) { /* somebody else was faster: use theirs */
		dentry_put(child);
		child = dentry_find(dir, name, length);
		err = child ? 0 : -ENOENT;
	} else if (err) {
		dentry_put(child);
	}
	*dentry = child;
	return err;
}

static bool is_dot(const char *name, size_t length)
{
	return length == 1 && name[0] == '.';
}

static bool is_dotdot(const char *name, size_t length)
{
	return length == 2 && name[0] == '.' && name[1] == '.';
}

/* The entry @name of @dir, with a reference; mount points are crossed. */
static int lookup(struct dentry *dir, const char *name, size_t length,
		  struct dentry **dentry)
{
	struct dentry *child, *covered;
	int err;

	/* Root may search everywhere: it need not ask. */
	if (unlikely(current->cred->user.fs)) {
		err = S_ISDIR(dir->inode->mode)
			      ? inode_access(dir->inode, X_OK)
			      : -ENOTDIR;
		if (err)
			return err;
	}
	if (unlikely(is_dot(name, length))) {
		dentry_get(dir);
		*dentry = dir;
		return 0;
	}
	if (unlikely(is_dotdot(name, length))) {
		*dentry = dentry_parent(dir);
		return 0;
	}
	child = dentry_find(dir, name, length);
	if (unlikely(!child)) {
		err = lookup_uncached(dir, name, length, &child);
		if (err)
			return err;
	}
	if (unlikely(child->mounted)) {
		covered = child;
		child = covered->mounted;
		dentry_get(child);
		dentry_put(covered);
	}
	*dentry = child;
	return 0;
}

/* ---- links ---- */

/* Write @target in front of what is left of the path. */
static int expand(struct walk *walk, const char *target, const char *tail)
{
	size_t target_bytes = strlen(target), tail_bytes = strlen(tail);
	char *buf;

	if (target_bytes + 1 + tail_bytes >= PATH_MAX_BYTES)
		return -ENAMETOOLONG;
	buf = kmalloc(target_bytes + 1 + tail_bytes + 1);
	if (!buf)
		return -ENOMEM;
	memcpy(buf, target, target_bytes);
	buf[target_bytes] = '/'; /* without a tail it is cut off again */
	memcpy(buf + target_bytes + (tail_bytes != 0), tail, tail_bytes + 1);
	kfree(walk->expanded);
	walk->expanded = buf;
	walk->rest = buf;
	return 0;
}

static void restart_if_absolute(struct walk *walk)
{
	if (walk->rest[0] != '/')
		return;
	dentry_get(vfs_root);
	walk_move(walk, vfs_root);
}

/* Go on at @dentry, whose reference is the walk's then, with @tail. */
static int jump(struct walk *walk, struct dentry *dentry, const char *tail)
{
	bool is_dir = S_ISDIR(dentry->inode->mode);

	walk_move(walk, dentry);
	walk->rest = tail;
	return *tail && !is_dir ? -ENOTDIR : 0;
}

/* Go on with the target of @link, which lies in walk->at, and then @tail. */
static int follow(struct walk *walk, struct dentry *link, const char *tail)
{
	const struct inode_ops *ops = link->inode->ops;
	struct dentry *dentry = NULL;
	char *made = NULL;
	const char *target;
	int err;

	if (++walk->nr_links > LINKS_MAX)
		return -ELOOP;
	if (ops->get_target)
		dentry = ops->get_target(link->inode);
	if (dentry)
		return jump(walk, dentry, tail);
	target = ops->get_link(link->inode, &made);
	if (!target)
		return -ENOMEM;
	err = *target ? expand(walk, target, tail) : -ENOENT;
	kfree(made);
	if (!err)
		restart_if_absolute(walk);
	return err;
}

int walk_follow(struct walk *walk, struct dentry *link)
{
	return follow(walk, link, walk->slash ? "/" : "");
}

/* ---- the walk ---- */

static int start_dir(struct walk *walk, int dirfd)
{
	struct fs_context *fs = current->fs;
	struct dentry *dir = fs ? fs->cwd : vfs_root;
	struct fd fd = { NULL, false };
	int err = 0;

	if (dirfd != AT_FDCWD) {
		if (!current->files)
			return -EBADF;
		fd = fd_get(dirfd);
		if (!fd.file)
			return -EBADF;
		dir = fd.file->dentry;
	}
	if (dir && S_ISDIR(dir->inode->mode)) {
		dentry_get(dir);
		walk->at = dir;
	} else {
		err = -ENOTDIR;
	}
	fd_put(fd);
	return err;
}

int walk_start(struct walk *walk, int dirfd, const char *path)
{
	*walk = (struct walk){ .rest = path };
	if (!*path)
		return -ENOENT;
	if (*path != '/')
		return start_dir(walk, dirfd);
	dentry_get(vfs_root);
	walk->at = vfs_root;
	return 0;
}

void walk_end(struct walk *walk)
{
	dentry_put(walk->at);
	kfree(walk->expanded);
}

/* Take the next component off the rest; name_bytes 0: there is none. */
static int next_component(struct walk *walk)
{
	const char *p = walk->rest;

	while (*p == '/')
		p++;
	walk->name = p;
	while (*p && *p != '/')
		p++;
	walk->name_bytes = (size_t)(p - walk->name);
	walk->slash = *p == '/';
	walk->rest = p;
	return walk->name_bytes > NAME_MAX_BYTES ? -ENAMETOOLONG : 0;
}

/* Whether nothing but slashes follows. */
static bool at_last(const struct walk *walk)
{
	const char *p = walk->rest;

	while (*p == '/')
		p++;
	return !*p;
}

/* Enter the component just taken, which is not the last. */
static int enter(struct walk *walk)
{
	struct dentry *child;
	int err = lookup(walk->at, walk->name, walk->name_bytes, &child);

	if (err)
		return err;
	if (S_ISLNK(child->inode->mode)) {
		err = follow(walk, child, walk->rest);
		dentry_put(child);
		return err;
	}
	walk_move(walk, child);
	return S_ISDIR(child->inode->mode) ? 0 : -ENOTDIR;
}

int walk_to_last(struct walk *walk)
{
	int err;

	for (;;) {
		err = next_component(walk);
		if (err || at_last(walk))
			return err;
		err = enter(walk);
		if (err)
			return err;
	}
}

int walk_last(struct walk *walk, struct dentry **dentry)
{
	if (!walk->name_bytes) {
		dentry_get(walk->at);
		*dentry = walk->at;
		return 0;
	}
	return lookup(walk->at, walk->name, walk->name_bytes, dentry);
}

bool walk_ends_in_dots(const struct walk *walk)
{
	return !walk->name_bytes || is_dot(walk->name, walk->name_bytes) ||
	       is_dotdot(walk->name, walk->name_bytes);
}

/* Walk to the end of the path, following a link there if asked to. */
static int walk_all(struct walk *walk, bool follow_last, struct dentry **dentry)
{
	struct dentry *last;
	int err;

	for (;;) {
		err = walk_to_last(walk);
		if (!err)
			err = walk_last(walk, &last);
		if (err)
			return err;
		if (!S_ISLNK(last->inode->mode) ||
		    !(follow_last || walk->slash))
			break;
		err = walk_follow(walk, last);
		dentry_put(last);
		if (err)
			return err;
	}
	if (walk->slash && !S_ISDIR(last->inode->mode)) {
		dentry_put(last);
		return -ENOTDIR;
	}
	*dentry = last;
	return 0;
}

int path_lookup(int dirfd, const char *path, bool follow_last,
		struct dentry **dentry)
{
	struct walk walk;
	int err = walk_start(&walk, dirfd, path);

	if (err)
		return err;
	err = walk_all(&walk, follow_last, dentry);
	walk_end(&walk);
	return err;
}
