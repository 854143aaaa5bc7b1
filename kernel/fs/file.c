/*
 * Open files: references, and the calls that go through file_ops.
 */
#include "file.h"

#include <uapi/errno.h>
#include <uapi/poll.h>
#include <uapi/unistd.h>

#include "dentry.h"
#include "frame.h"
#include "kmalloc.h"
#include "page_tree.h"
#include "string.h"

const struct file_ops no_file_ops;

struct file *file_create(struct inode *inode, struct dentry *dentry,
			 unsigned int flags)
{
	struct file *file = kmalloc(sizeof(*file));

	if (!file)
		return NULL;
	inode_get(inode);
	if (dentry)
		dentry_get(dentry);
	*file = (struct file){
		.refs = 1,
		.flags = flags,
		.ops = inode->file_ops,
		.inode = inode,
		.dentry = dentry,
	};
	return file;
}

void file_put(struct file *file)
{
	if (__atomic_sub_fetch(&file->refs, 1, __ATOMIC_ACQ_REL))
		return;
	if (file->ops->release)
		file->ops->release(file);
	inode_put(file->inode);
	if (file->dentry)
		dentry_put(file->dentry);
	kfree(file);
}

/* ---- read and write ---- */

/* Why @file cannot be read, once it is known that it cannot. */
static int read_error(const struct file *file)
{
	if (!file_readable(file))
		return -EBADF;
	return S_ISDIR(file->inode->mode) ? -EISDIR : -EINVAL;
}

ssize_t file_read(struct file *file, struct io_buf *to)
{
	if (unlikely(!file->ops->read || !file_readable(file)))
		return read_error(file);
	return file->ops->read(file, to, &file->pos);
}

ssize_t file_write(struct file *file, struct io_buf *from)
{
	if (unlikely(!file_writable(file)))
		return -EBADF;
	if (unlikely(!file->ops->write))
		return -EINVAL;
	return file->ops->write(file, from, &file->pos);
}

static int check_positioned(const struct file *file, loff_t pos)
{
	if (pos < 0)
		return -EINVAL;
	return file->ops->lseek ? 0 : -ESPIPE;
}

ssize_t file_pread(struct file *file, struct io_buf *to, loff_t pos)
{
	int err = check_positioned(file, pos);

	if (err)
		return err;
	if (!file->ops->read || !file_readable(file))
		return read_error(file);
	return file->ops->read(file, to, &pos);
}

ssize_t file_pwrite(struct file *file, struct io_buf *from, loff_t pos)
{
	int err = check_positioned(file, pos);

	if (err)
		return err;
	if (!file_writable(file))
		return -EBADF;
	if (!file->ops->write)
		return -EINVAL;
	return file->ops->write(file, from, &pos);
}

int file_read_exactly(struct file *file, void *to, size_t bytes, loff_t pos)
{
	struct io_buf buf = io_buf_kernel(to, bytes);

	while (buf.bytes) {
		ssize_t n = file_pread(file, &buf, pos);

		if (n < 0)
			return (int)n;
		if (n == 0)
			return -EIO;
		pos += n;
	}
	return 0;
}

/* ---- position, directory, the rest ---- */

loff_t file_lseek(struct file *file, loff_t offset, int whence)
{
	if (file_is_path(file))
		return -EBADF;
	if (!file->ops->lseek)
		return -ESPIPE;
	return file->ops->lseek(file, offset, whence);
}

loff_t generic_lseek(struct file *file, loff_t offset, int whence)
{
	loff_t base, pos;

	switch (whence) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = file->pos;
		break;
	case SEEK_END:
		base = file->inode->size;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, offset, &pos))
		return -EOVERFLOW;
	if (pos < 0)
		return -EINVAL;
	file->pos = pos;
	return pos;
}

long file_ioctl(struct file *file, unsigned int request, vaddr_t arg)
{
	if (file_is_path(file))
		return -EBADF;
	if (!file->ops->ioctl)
		return -ENOTTY;
	return file->ops->ioctl(file, request, arg);
}

unsigned int file_poll(struct file *file, struct wait_queue **queue)
{
	*queue = NULL;
	if (!file->ops->poll)
		return POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
	return file->ops->poll(file, queue);
}

void file_stat(struct file *file, struct stat *stat)
{
	inode_stat(file->inode, stat);
}

int file_get_frame(struct file *file, uint64_t index, struct frame **frame,
		   bool *from_disk)
{
	if (unlikely(!file->ops->get_frame))
		return -ENODEV;
	return file->ops->get_frame(file, index, frame, from_disk);
}

/* A page that is being read, or could not be, is not there yet. */
static struct frame *peek_locked(struct inode *inode, uint64_t index)
{
	const uint16_t incomplete = FRAME_FLAG_READING | FRAME_FLAG_ERROR |
				    FRAME_FLAG_RESERVED;
	struct frame *frame = page_tree_find(&inode->pages, index);

	if (!frame || page_tree_is_swap(frame) ||
	    __atomic_load_n(&frame->flags, __ATOMIC_ACQUIRE) & incomplete)
		return NULL;
	frame_get(frame);
	return frame;
}

void file_peek_frames(struct file *file, uint64_t first, size_t nr,
		      struct frame **frames)
{
	struct inode *inode = file->inode;
	uint64_t end; /* what fallocate() has put behind it does not count */

	mutex_lock(&inode->lock);
	end = page_align_up((uint64_t)inode->size) >> PAGE_SHIFT;
	for (size_t i = 0; i < nr; i++)
		frames[i] = first + i < end ? peek_locked(inode, first + i)
					    : NULL;
	mutex_unlock(&inode->lock);
}

char *file_path(struct file *file, char *buf, size_t size)
{
	if (file->dentry)
		return dentry_path(file->dentry, buf, size);
	if (!size)
		return NULL;
	buf[0] = '\0';
	return buf;
}
