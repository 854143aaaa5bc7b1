/*
 * The size of an open file: truncate and fallocate, and RLIMIT_FSIZE.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>

#include "file.h"
#include "signal.h"
#include "task.h"

ssize_t file_size_allowed(loff_t pos, size_t bytes)
{
	uint64_t limit = task_rlimit(RLIMIT_FSIZE);

	if (likely(limit == RLIM_INFINITY) || !bytes)
		return (ssize_t)bytes;
	if ((uint64_t)pos >= limit) {
		signal_send_thread(current, SIGXFSZ);
		return -EFBIG;
	}
	return (ssize_t)(bytes < limit - (uint64_t)pos ? bytes
						      : limit - (uint64_t)pos);
}

/* Whether the file may become @size bytes long. */
static int check_size(const struct inode *inode, loff_t size)
{
	if (size <= inode->size || (uint64_t)size <= task_rlimit(RLIMIT_FSIZE))
		return 0;
	signal_send_thread(current, SIGXFSZ);
	return -EFBIG;
}

int file_truncate(struct file *file, loff_t size)
{
	struct inode *inode = file->inode;
	int err;

	if (file_is_path(file))
		return -EBADF;
	if (size < 0 || !S_ISREG(inode->mode) || !file_writable(file))
		return -EINVAL;
	if (!inode->ops->truncate)
		return -EINVAL;
	err = check_size(inode, size);
	return err ? err : inode->ops->truncate(inode, size);
}

/* What kinds of file cannot, in the order in which Linux looks. */
static int check_allocatable(const struct file *file, loff_t offset,
			     loff_t bytes)
{
	const struct inode *inode = file->inode;
	loff_t end;

	if (!file_writable(file))
		return -EBADF;
	if (S_ISFIFO(inode->mode))
		return -ESPIPE;
	if (S_ISDIR(inode->mode))
		return -EISDIR;
	if (!S_ISREG(inode->mode))
		return -ENODEV;
	if (__builtin_add_overflow(offset, bytes, &end))
		return -EFBIG;
	return inode->ops->allocate ? 0 : -EOPNOTSUPP;
}

int file_allocate(struct file *file, int mode, loff_t offset, loff_t bytes)
{
	struct inode *inode = file->inode;
	int err;

	if (offset < 0 || bytes <= 0)
		return -EINVAL;
	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE) ||
	    mode == FALLOC_FL_PUNCH_HOLE)
		return -EOPNOTSUPP;
	err = check_allocatable(file, offset, bytes);
	if (err)
		return err;
	if (mode & FALLOC_FL_PUNCH_HOLE)
		return inode->ops->punch_hole(inode, offset, bytes);
	err = check_size(inode, offset + bytes);
	return err ? err
		   : inode->ops->allocate(inode, offset, bytes,
					  mode & FALLOC_FL_KEEP_SIZE);
}
