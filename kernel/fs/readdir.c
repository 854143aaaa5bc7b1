/*
 * Reading directories: getdents64.
 *
 * A directory's position is 0 before ".", 1 before "..", and from then on the
 * cookie of the child that was emitted last plus 1, so that names that come and
 * go in between disturb nothing.
 */
#include "readdir.h"

#include <uapi/dirent.h>
#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "dentry.h"
#include "string.h"

#define RECORD_ALIGN 8
#define RECORD_MAX_BYTES \
	(offsetof(struct linux_dirent64, d_name) + NAME_MAX_BYTES + 1 + 7)

bool dir_emit(struct dir_buf *dir, const char *name, size_t length,
	      uint64_t ino, uint32_t mode, loff_t next_pos)
{
	_Alignas(8) char record[RECORD_MAX_BYTES];
	struct linux_dirent64 *entry = (struct linux_dirent64 *)record;
	size_t bytes = offsetof(struct linux_dirent64, d_name) + length + 1;

	bytes = (bytes + RECORD_ALIGN - 1) & ~(size_t)(RECORD_ALIGN - 1);
	if (bytes > dir->to->bytes) {
		dir->err = dir->written ? 0 : -EINVAL;
		return false;
	}
	/* The padding first: no byte of the kernel's stack goes to a program. */
	memset(record + bytes - RECORD_ALIGN, 0, RECORD_ALIGN);
	entry->d_ino = ino;
	entry->d_off = next_pos;
	entry->d_reclen = (unsigned short)bytes;
	entry->d_type = mode >> 12 & 0xf;
	memcpy(entry->d_name, name, length);
	if (io_put(dir->to, record, bytes) != bytes) {
		dir->err = dir->written ? 0 : -EFAULT;
		return false;
	}
	dir->written += bytes;
	return true;
}

bool dir_emit_dots(struct file *file, struct dir_buf *dir)
{
	struct inode *inode = file->inode;

	if (file->pos == 0) {
		if (!dir_emit(dir, ".", 1, inode->ino, inode->mode, 1))
			return false;
		file->pos = 1;
	}
	if (file->pos == 1) {
		struct dentry *parent = dentry_parent(file->dentry);
		bool room = dir_emit(dir, "..", 2, parent->inode->ino,
				     parent->inode->mode, DIR_POS_FIRST);

		dentry_put(parent);
		if (!room)
			return false;
		file->pos = DIR_POS_FIRST;
	}
	return true;
}

static bool emit_child(struct dir_buf *dir, struct dentry *child, loff_t pos)
{
	char name[NAME_MAX_BYTES + 1];
	size_t length = dentry_copy_name(child, name);

	return dir_emit(dir, name, length, child->inode->ino,
			child->inode->mode, pos);
}

int dentry_readdir(struct file *file, struct dir_buf *dir)
{
	struct dentry *child = NULL, *next;

	if (!dir_emit_dots(file, dir))
		return dir->err;
	while ((next = dentry_next_child(
			file->dentry, (uint64_t)(file->pos - DIR_POS_FIRST),
			child))) {
		loff_t pos = (loff_t)next->cookie + DIR_POS_FIRST;
		bool room = emit_child(dir, next, pos);

		if (child)
			dentry_put(child);
		child = next;
		if (!room)
			break;
		file->pos = pos;
	}
	if (child)
		dentry_put(child);
	return dir->err;
}

ssize_t file_getdents(struct file *file, struct io_buf *to)
{
	struct dir_buf dir = { .to = to };
	int err;

	if (!file->ops->readdir)
		return -ENOTDIR;
	if (dentry_is_unlinked(file->dentry))
		return -ENOENT;
	err = file->ops->readdir(file, &dir);
	return dir.written ? (ssize_t)dir.written : err;
}

loff_t dir_lseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_END) /* cookies have no end to count from */
		return -EINVAL;
	return generic_lseek(file, offset, whence);
}
