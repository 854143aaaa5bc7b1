/*
 * System calls on an open file: the descriptor is looked up, the rest is
 * kernel/fs/'s.
 */
#include <uapi/errno.h>
#include <uapi/stat.h>
#include <uapi/uio.h>

#include "fdtable.h"
#include "file.h"
#include "io_buf.h"
#include "kmalloc.h"
#include "syscall.h"
#include "uaccess.h"

/* Linux moves at most this much at once: whole pages below 2^31. */
#define RW_MAX_BYTES 0x7ffff000UL

/* Most vectors are short; longer ones are kmalloc'ed. */
#define VEC_INLINE 8

typedef ssize_t (*transfer_fn)(struct file *file, struct io_buf *buf);

/* read and write: they differ in the direction only. */
static long transfer(int fd, vaddr_t addr, size_t bytes, transfer_fn move)
{
	struct fd f = fd_get(fd);
	struct io_buf buf;
	long moved;

	if (!f.file)
		return -EBADF;
	if (!user_range_ok(addr, bytes)) {
		moved = -EFAULT;
	} else {
		buf = io_buf_user(addr, bytes < RW_MAX_BYTES ? bytes
							     : RW_MAX_BYTES);
		moved = move(f.file, &buf);
	}
	fd_put(f);
	return moved;
}

long sys_read(int fd, vaddr_t to, size_t bytes)
{
	return transfer(fd, to, bytes, file_read);
}

long sys_write(int fd, vaddr_t from, size_t bytes)
{
	return transfer(fd, from, bytes, file_write);
}

/* The caller's @nr segments at @vec, which have been copied to @copy. */
static long transfer_copied(int fd, const struct iovec *copy, size_t nr,
			    transfer_fn move)
{
	struct fd f = fd_get(fd);
	struct io_buf buf;
	long moved;

	if (!f.file)
		return -EBADF;
	moved = io_buf_user_vec(&buf, copy, nr);
	if (!moved)
		moved = move(f.file, &buf);
	fd_put(f);
	return moved;
}

static long transfer_vec(int fd, vaddr_t vec, unsigned long nr,
			 transfer_fn move)
{
	struct iovec few[VEC_INLINE], *copy = few;
	long moved;

	if (nr > UIO_MAXIOV)
		return -EINVAL;
	if (nr > VEC_INLINE) {
		copy = kmalloc(nr * sizeof(*copy));
		if (!copy)
			return -ENOMEM;
	}
	moved = copy_from_user(copy, vec, nr * sizeof(*copy));
	if (!moved)
		moved = transfer_copied(fd, copy, nr, move);
	if (copy != few)
		kfree(copy);
	return moved;
}

long sys_readv(int fd, vaddr_t vec, unsigned long nr)
{
	return transfer_vec(fd, vec, nr, file_read);
}

long sys_writev(int fd, vaddr_t vec, unsigned long nr)
{
	return transfer_vec(fd, vec, nr, file_write);
}

typedef ssize_t (*transfer_at_fn)(struct file *file, struct io_buf *buf,
				  loff_t pos);

static long transfer_at(int fd, vaddr_t addr, size_t bytes, loff_t pos,
			transfer_at_fn move)
{
	struct io_buf buf = io_buf_user(addr, bytes < RW_MAX_BYTES
						      ? bytes
						      : RW_MAX_BYTES);
	struct fd f;
	long moved;

	if (pos < 0)
		return -EINVAL;
	f = fd_get(fd);
	if (!f.file)
		return -EBADF;
	moved = user_range_ok(addr, bytes) ? move(f.file, &buf, pos) : -EFAULT;
	fd_put(f);
	return moved;
}

long sys_pread64(int fd, vaddr_t to, size_t bytes, loff_t pos)
{
	return transfer_at(fd, to, bytes, pos, file_pread);
}

long sys_pwrite64(int fd, vaddr_t from, size_t bytes, loff_t pos)
{
	return transfer_at(fd, from, bytes, pos, file_pwrite);
}

/* The vector forms of pread and pwrite. */
static long transfer_vec_copied(int fd, const struct iovec *copy, size_t nr,
				loff_t pos, transfer_at_fn move)
{
	struct io_buf buf;
	struct fd f = fd_get(fd);
	long moved;

	if (!f.file)
		return -EBADF;
	moved = io_buf_user_vec(&buf, copy, nr);
	if (!moved)
		moved = move(f.file, &buf, pos);
	fd_put(f);
	return moved;
}

static long transfer_vec_at(int fd, vaddr_t vec, unsigned long nr, loff_t pos,
			    transfer_at_fn move)
{
	struct iovec few[VEC_INLINE], *copy = few;
	long moved;

	if (pos < 0 || nr > UIO_MAXIOV)
		return -EINVAL;
	if (nr > VEC_INLINE) {
		copy = kmalloc(nr * sizeof(*copy));
		if (!copy)
			return -ENOMEM;
	}
	moved = copy_from_user(copy, vec, nr * sizeof(*copy));
	if (!moved)
		moved = transfer_vec_copied(fd, copy, nr, pos, move);
	if (copy != few)
		kfree(copy);
	return moved;
}

long sys_preadv(int fd, vaddr_t vec, unsigned long nr, loff_t pos)
{
	return transfer_vec_at(fd, vec, nr, pos, file_pread);
}

long sys_pwritev(int fd, vaddr_t vec, unsigned long nr, loff_t pos)
{
	return transfer_vec_at(fd, vec, nr, pos, file_pwrite);
}

/* No flag is known; without a position they are readv and writev. */
long sys_preadv2(int fd, vaddr_t vec, unsigned long nr, loff_t pos,
		 unsigned long pos_high, int flags)
{
	(void)pos_high;
	if (flags)
		return -EOPNOTSUPP;
	return pos == -1 ? sys_readv(fd, vec, nr) : sys_preadv(fd, vec, nr, pos);
}

long sys_pwritev2(int fd, vaddr_t vec, unsigned long nr, loff_t pos,
		  unsigned long pos_high, int flags)
{
	(void)pos_high;
	if (flags)
		return -EOPNOTSUPP;
	return pos == -1 ? sys_writev(fd, vec, nr)
			 : sys_pwritev(fd, vec, nr, pos);
}

long sys_lseek(int fd, loff_t offset, int whence)
{
	struct fd f = fd_get(fd);
	long pos;

	if (!f.file)
		return -EBADF;
	pos = file_lseek(f.file, offset, whence);
	fd_put(f);
	return pos;
}

long sys_fstat(int fd, vaddr_t user)
{
	struct fd f = fd_get(fd);
	struct stat stat;

	if (!f.file)
		return -EBADF;
	file_stat(f.file, &stat);
	fd_put(f);
	return copy_to_user(user, &stat, sizeof(stat));
}

long sys_getdents64(int fd, vaddr_t to, unsigned int bytes)
{
	struct io_buf buf = io_buf_user(to, bytes);
	struct fd f = fd_get(fd);
	long written;

	if (!f.file)
		return -EBADF;
	written = file_getdents(f.file, &buf);
	fd_put(f);
	return written;
}

long sys_ioctl(int fd, unsigned int request, vaddr_t arg)
{
	struct fd f = fd_get(fd);
	long ret;

	if (!f.file)
		return -EBADF;
	ret = file_ioctl(f.file, request, arg);
	fd_put(f);
	return ret;
}

long sys_ftruncate(int fd, loff_t size)
{
	struct fd f;
	long err;

	if (size < 0)
		return -EINVAL;
	f = fd_get(fd);
	if (!f.file)
		return -EBADF;
	err = file_truncate(f.file, size);
	fd_put(f);
	return err;
}

long sys_fallocate(int fd, int mode, loff_t offset, loff_t bytes)
{
	struct fd f = fd_get(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = file_allocate(f.file, mode, offset, bytes);
	fd_put(f);
	return err;
}

/* Advice about a file that is in memory anyway: checked, and taken note of. */
long sys_fadvise64(int fd, loff_t offset, loff_t bytes, int advice)
{
	struct fd f = fd_get(fd);
	long err = 0;

	(void)offset;
	if (!f.file)
		return -EBADF;
	if (S_ISFIFO(f.file->inode->mode))
		err = -ESPIPE;
	else if (bytes < 0 || advice < POSIX_FADV_NORMAL ||
		 advice > POSIX_FADV_NOREUSE)
		err = -EINVAL;
	fd_put(f);
	return err;
}
