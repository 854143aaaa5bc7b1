/*
 * struct file: an open file, as a descriptor or a mapping refers to it.
 *
 * dup() and fork() share it, and with it the position. Reads and writes copy
 * from and to user memory: no spinlock and no mm->lock may be held around them.
 */
#pragma once

#include <uapi/fcntl.h>

#include "inode.h"
#include "io_buf.h"
#include "types.h"

struct dentry;
struct file;
struct frame;
struct wait_queue;

/* Where getdents64 puts entries; see dir_emit(). */
struct dir_buf {
	struct io_buf *to;
	size_t written;
	int err;         /* what stopped it: -EINVAL (first one too long), ... */
};

/*
 * What a kind of file does. A NULL entry: read, write -EINVAL; lseek -ESPIPE;
 * ioctl -ENOTTY; readdir -ENOTDIR; get_frame -ENODEV; poll: always ready.
 */
struct file_ops {
	/* Set up @file, whose other fields are set; an error fails open(). */
	int (*open)(struct file *file);
	void (*release)(struct file *file);

	/*
	 * Bytes moved, 0 at the end of the file, or an error when none were.
	 * They move *@pos, which is file->pos or pread's copy.
	 */
	ssize_t (*read)(struct file *file, struct io_buf *to, loff_t *pos);
	ssize_t (*write)(struct file *file, struct io_buf *from, loff_t *pos);
	loff_t (*lseek)(struct file *file, loff_t offset, int whence);

	/* Emit entries from file->pos on until dir_emit() declines. */
	int (*readdir)(struct file *file, struct dir_buf *dir);
	long (*ioctl)(struct file *file, unsigned int request, vaddr_t arg);

	/* POLLIN and so on that hold now; *@queue is woken when that changes. */
	unsigned int (*poll)(struct file *file, struct wait_queue **queue);
	int (*get_frame)(struct file *file, uint64_t index,
			 struct frame **frame, bool *from_disk);
	bool maps_zeros; /* a mapping is anonymous memory: /dev/zero */
};

struct file {
	uint32_t refs;               /* atomic; the last file_put() closes it */
	uint32_t flags;              /* O_ACCMODE, O_APPEND, O_NONBLOCK, ... */
	const struct file_ops *ops;  /* constant */
	struct inode *inode;         /* constant; a reference */
	struct dentry *dentry;       /* constant; a reference; NULL: no name */
	loff_t pos;
	void *private;               /* of ops */
};

/*
 * An open file of @inode, with one reference, or NULL. Takes references of its
 * own to @inode and @dentry (may be NULL). ops->open() has not been called.
 */
struct file *file_create(struct inode *inode, struct dentry *dentry,
			 unsigned int flags);

static inline void file_get(struct file *file)
{
	__atomic_fetch_add(&file->refs, 1, __ATOMIC_RELAXED);
}

void file_put(struct file *file);

static inline bool file_readable(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_WRONLY &&
	       !(file->flags & O_PATH);
}

/* Opened for its place in the tree alone: its contents are -EBADF. */
static inline bool file_is_path(const struct file *file)
{
	return file->flags & O_PATH;
}

static inline bool file_writable(const struct file *file)
{
	return (file->flags & O_ACCMODE) != O_RDONLY &&
	       !(file->flags & O_PATH);
}

/*
 * read(2), write(2) at the file's position and, with p, at one of their own.
 * Bytes moved, or -EBADF (not opened for that), -EISDIR, -EINVAL, -EFAULT,
 * -EINTR, -EAGAIN, -ENOSPC, -EFBIG, -ENOMEM, -EPIPE (SIGPIPE is sent),
 * -ESPIPE (p on what cannot seek).
 */
ssize_t file_read(struct file *file, struct io_buf *to);
ssize_t file_write(struct file *file, struct io_buf *from);
ssize_t file_pread(struct file *file, struct io_buf *to, loff_t pos);
ssize_t file_pwrite(struct file *file, struct io_buf *from, loff_t pos);

/*
 * Read exactly @bytes at @pos into kernel memory: what exec wants of an ELF
 * file. 0, -EIO when the file ends before, or as file_pread().
 */
int file_read_exactly(struct file *file, void *to, size_t bytes, loff_t pos);

/* The new position, or -ESPIPE, -EINVAL, -EBADF. */
loff_t file_lseek(struct file *file, loff_t offset, int whence);

/* getdents64(2): bytes written, 0 at the end, -ENOTDIR, -EINVAL, -EFAULT. */
ssize_t file_getdents(struct file *file, struct io_buf *to);

/* @arg is a user address or a number; -ENOTTY, -EFAULT, -EINVAL. */
long file_ioctl(struct file *file, unsigned int request, vaddr_t arg);

/* POLL* bits that hold now; *@queue: whom to wait on, NULL: never changes. */
unsigned int file_poll(struct file *file, struct wait_queue **queue);

/* ftruncate(2): -EINVAL (not a regular file, not writable, @size < 0), -EFBIG. */
int file_truncate(struct file *file, loff_t size);

/*
 * fallocate(2), @mode FALLOC_FL_*: -EINVAL (a range that is empty or negative),
 * -EOPNOTSUPP (modes that are not known here), -EBADF, -ESPIPE, -EISDIR,
 * -ENODEV, -EFBIG, -ENOSPC, -ENOMEM, -EINTR.
 */
int file_allocate(struct file *file, int mode, loff_t offset, loff_t bytes);

/*
 * RLIMIT_FSIZE: how many of @bytes may be written at @pos of a regular file, or
 * -EFBIG for none at all; then SIGXFSZ is sent.
 */
ssize_t file_size_allowed(loff_t pos, size_t bytes);

void file_stat(struct file *file, struct stat *stat);

/*
 * For page faults: the cached frame that holds page @index of the file, with
 * a reference added. *@from_disk: it had to be read (a major fault).
 * -ENXIO: the page is wholly behind the end of the file. -ENOMEM. -ENODEV: such
 * files cannot be mapped. -EIO. Called under mm->lock; takes inode->lock.
 */
int file_get_frame(struct file *file, uint64_t index, struct frame **frame,
		   bool *from_disk);

/*
 * For fault-around: what is cached of the pages [first, first + nr), each with a
 * reference added, NULL for what is not. Nothing is read and no hole is filled.
 * The file is mappable. Called under mm->lock; takes inode->lock.
 */
void file_peek_frames(struct file *file, uint64_t first, size_t nr,
		      struct frame **frames);

/* Whether mmap(2) accepts the file at all. */
static inline bool file_mappable(const struct file *file)
{
	return file->ops->get_frame || file->ops->maps_zeros;
}

/* Path for /proc/PID/maps: as dentry_path(); "" for files without a name. */
char *file_path(struct file *file, char *buf, size_t size);

/*
 * One entry into a getdents64 buffer: false when it is full. @next_pos is where
 * a later readdir continues behind this entry.
 */
bool dir_emit(struct dir_buf *dir, const char *name, size_t length,
	      uint64_t ino, uint32_t mode, loff_t next_pos);

/* Operations that do nothing: for a file that did not finish opening. */
extern const struct file_ops no_file_ops;

/* lseek for files whose inode has a size. */
loff_t generic_lseek(struct file *file, loff_t offset, int whence);
