/*
 * The working directory of a process, and its umask.
 */
#include <uapi/errno.h>
#include <uapi/fcntl.h>
#include <uapi/unistd.h>

#include "dentry.h"
#include "file.h"
#include "kmalloc.h"
#include "namei.h"
#include "string.h"
#include "task.h"
#include "vfs.h"

#define DEFAULT_UMASK 022

static struct fs_context *context_create(struct dentry *cwd, uint32_t umask)
{
	struct fs_context *fs = kmalloc(sizeof(*fs));

	if (!fs)
		return NULL;
	dentry_get(cwd);
	*fs = (struct fs_context){ .refs = 1, .umask = umask, .cwd = cwd };
	return fs;
}

struct fs_context *fs_context_create(void)
{
	return context_create(vfs_root, DEFAULT_UMASK);
}

struct fs_context *fs_context_fork(const struct fs_context *fs)
{
	return context_create(fs->cwd, fs->umask);
}

void fs_context_put(struct fs_context *fs)
{
	if (!fs || __atomic_sub_fetch(&fs->refs, 1, __ATOMIC_ACQ_REL))
		return;
	dentry_put(fs->cwd);
	kfree(fs);
}

/* Takes over the caller's reference to @dentry, which is no use on failure. */
static int set_cwd(struct dentry *dentry)
{
	struct dentry *old;

	int err = inode_access(dentry->inode, X_OK);

	if (!S_ISDIR(dentry->inode->mode) || !current->fs)
		err = -ENOTDIR;
	if (err) {
		dentry_put(dentry);
		return err;
	}
	old = __atomic_exchange_n(&current->fs->cwd, dentry, __ATOMIC_ACQ_REL);
	dentry_put(old);
	return 0;
}

int vfs_chdir(const char *path)
{
	struct dentry *dentry;
	int err = path_lookup(AT_FDCWD, path, true, &dentry);

	return err ? err : set_cwd(dentry);
}

int file_chdir(struct file *file)
{
	if (!file->dentry)
		return -ENOTDIR;
	dentry_get(file->dentry);
	return set_cwd(file->dentry);
}

ssize_t vfs_getcwd(char *buf, size_t size)
{
	struct dentry *cwd = current->fs ? current->fs->cwd : vfs_root;
	char *path;
	size_t bytes;

	if (dentry_is_unlinked(cwd))
		return -ENOENT;
	path = dentry_path(cwd, buf, size);
	if (!path)
		return -ERANGE;
	bytes = (size_t)(buf + size - path);
	memmove(buf, path, bytes);
	return (ssize_t)bytes;
}
