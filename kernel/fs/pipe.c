/*
 * Pipes: bytes from writers to readers through up to 16 frames.
 *
 * Two counters of bytes ever moved say what is in the pipe; frames are there
 * only while they hold some of it:
 *
 *	slot     0      1      2      3          15
 *	      |      |..####|######|###...| ... |      |
 *	                ^tail          ^head
 *
 *	bytes in the pipe == head - tail <= PIPE_BYTES
 *
 * When the pipe is full, head has come round to the slot that tail is in.
 *
 * Readers sleep only while the pipe is empty, so a writer wakes them only when
 * it was; writers announce that they wait, since how much room they need differs.
 */
#include "pipe.h"

#include <uapi/errno.h>
#include <uapi/poll.h>
#include <uapi/termios.h>

#include "file.h"
#include "frame.h"
#include "kmalloc.h"
#include "reclaim.h"
#include "lock.h"
#include "sched.h"
#include "signal.h"
#include "string.h"
#include "task.h"
#include "uaccess.h"

#define PIPE_SLOTS (PIPE_BYTES / PAGE_SIZE)

struct pipe {
	struct mutex lock;
	uint64_t head, tail;                /* lock: bytes written, read */
	struct frame *slots[PIPE_SLOTS];    /* lock */
	uint32_t readers, writers;          /* lock: open files of each end */
	uint32_t waiting_writers;           /* lock */
	struct wait_queue readable, writable;
};

static struct filesystem pipefs = { .name = "pipefs", .dev = 10 };

static size_t pipe_used(const struct pipe *pipe)
{
	return pipe->head - pipe->tail;
}

static size_t pipe_room(const struct pipe *pipe)
{
	return PIPE_BYTES - pipe_used(pipe);
}

static struct frame **slot_at(struct pipe *pipe, uint64_t position)
{
	return &pipe->slots[position >> PAGE_SHIFT & (PIPE_SLOTS - 1)];
}

static void free_slot(struct frame **slot)
{
	if (*slot)
		frame_put(*slot);
	*slot = NULL;
}

/* How much of @n lies in one page with @position. */
static size_t page_share(uint64_t position, size_t n)
{
	size_t room = PAGE_SIZE - (position & (PAGE_SIZE - 1));

	return n < room ? n : room;
}

static char *byte_at(struct frame *frame, uint64_t position)
{
	return (char *)frame_to_virt(frame) + (position & (PAGE_SIZE - 1));
}

/* An empty pipe owns no frame, and its next write starts a page. */
static void reset_if_empty(struct pipe *pipe)
{
	if (pipe->head != pipe->tail)
		return;
	free_slot(slot_at(pipe, pipe->tail));
	pipe->head = pipe->tail = 0;
}

/* ---- reading ---- */

/* Move what there is, at least one byte unless the user's memory ends. */
static ssize_t drain(struct pipe *pipe, struct io_buf *to)
{
	size_t done = 0;

	while (to->bytes && pipe_used(pipe)) {
		struct frame **slot = slot_at(pipe, pipe->tail);
		size_t used = pipe_used(pipe);
		size_t n = page_share(pipe->tail,
				      used < to->bytes ? used : to->bytes);
		size_t copied = io_put(to, byte_at(*slot, pipe->tail), n);

		pipe->tail += copied;
		done += copied;
		if (copied < n)
			break;
		/* The frame is read; unless a full pipe's head is in it too. */
		if (page_aligned(pipe->tail) &&
		    pipe_used(pipe) <= PIPE_BYTES - PAGE_SIZE)
			free_slot(slot);
	}
	reset_if_empty(pipe);
	return done ? (ssize_t)done : -EFAULT;
}

/* Wait, without the lock, for a byte or for the last writer to go. */
static int wait_readable(struct pipe *pipe)
{
	int err;

	mutex_unlock(&pipe->lock);
	err = wait_event(&pipe->readable, pipe_used(pipe) || !pipe->writers);
	mutex_lock(&pipe->lock);
	return err;
}

static ssize_t pipe_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	struct pipe *pipe = file->inode->pipe;
	bool wake = false;
	ssize_t result = 0;

	(void)pos;
	if (!to->bytes)
		return 0;
	mutex_lock(&pipe->lock);
	while (!pipe_used(pipe) && pipe->writers && !result)
		result = file->flags & O_NONBLOCK ? -EAGAIN
						  : wait_readable(pipe);
	if (pipe_used(pipe)) {
		result = drain(pipe, to);
		wake = pipe->waiting_writers;
	}
	mutex_unlock(&pipe->lock);
	if (wake)
		wake_up(&pipe->writable);
	return result;
}

/* ---- writing ---- */

/* Put up to @n bytes in, all of which have room. Bytes moved, or an error. */
static ssize_t fill(struct pipe *pipe, struct io_buf *from, size_t n)
{
	size_t done = 0;
	int err = 0;

	while (done < n) {
		struct frame **slot = slot_at(pipe, pipe->head);
		size_t part = page_share(pipe->head, n - done);
		size_t copied;

		if (!*slot)
			*slot = frame_alloc_waiting(FRAME_PIPE);
		if (!*slot) {
			err = -ENOMEM;
			break;
		}
		copied = io_get(byte_at(*slot, pipe->head), from, part);
		pipe->head += copied;
		done += copied;
		if (copied < part) {
			err = -EFAULT;
			break;
		}
	}
	reset_if_empty(pipe); /* nothing came: do not keep the new frame */
	return done ? (ssize_t)done : err;
}

/* Wait, without the lock, for room for @n bytes or for the last reader to go. */
static int wait_writable(struct pipe *pipe, size_t n)
{
	int err;

	pipe->waiting_writers++;
	mutex_unlock(&pipe->lock);
	err = wait_event(&pipe->writable,
			 pipe_room(pipe) >= n || !pipe->readers);
	mutex_lock(&pipe->lock);
	pipe->waiting_writers--;
	return err;
}

/*
 * Write once there is room for it: all of a small write, which must not be torn,
 * or as much of a large one as fits. Caller holds the lock.
 */
static ssize_t write_part(struct pipe *pipe, struct io_buf *from,
			  bool nonblocking)
{
	size_t n = from->bytes;
	size_t need = n <= PIPE_ATOMIC_BYTES ? n : 1;
	bool was_empty;
	ssize_t result;
	int err;

	while (pipe->readers && pipe_room(pipe) < need) {
		err = nonblocking ? -EAGAIN : wait_writable(pipe, need);
		if (err)
			return err;
	}
	if (!pipe->readers) {
		signal_send_thread(current, SIGPIPE);
		return -EPIPE;
	}
	was_empty = !pipe_used(pipe);
	result = fill(pipe, from, n < pipe_room(pipe) ? n : pipe_room(pipe));
	if (was_empty && result > 0)
		wake_up(&pipe->readable);
	return result;
}

static ssize_t pipe_write(struct file *file, struct io_buf *from, loff_t *pos)
{
	struct pipe *pipe = file->inode->pipe;
	size_t wanted = from->bytes;
	ssize_t result = 0;

	(void)pos;
	if (!wanted)
		return 0;
	mutex_lock(&pipe->lock);
	do {
		result = write_part(pipe, from, file->flags & O_NONBLOCK);
	} while (result > 0 && from->bytes);
	mutex_unlock(&pipe->lock);
	return from->bytes < wanted ? (ssize_t)(wanted - from->bytes) : result;
}

/* ---- the rest ---- */

static unsigned int pipe_poll_read(struct file *file, struct wait_queue **queue)
{
	struct pipe *pipe = file->inode->pipe;
	unsigned int ready = 0;

	*queue = &pipe->readable;
	mutex_lock(&pipe->lock);
	if (pipe_used(pipe))
		ready |= POLLIN | POLLRDNORM;
	if (!pipe->writers)
		ready |= POLLHUP;
	mutex_unlock(&pipe->lock);
	return ready;
}

static unsigned int pipe_poll_write(struct file *file,
				    struct wait_queue **queue)
{
	struct pipe *pipe = file->inode->pipe;
	unsigned int ready = 0;

	*queue = &pipe->writable;
	mutex_lock(&pipe->lock);
	if (pipe_room(pipe) >= PIPE_ATOMIC_BYTES)
		ready |= POLLOUT | POLLWRNORM;
	if (!pipe->readers)
		ready |= POLLERR;
	mutex_unlock(&pipe->lock);
	return ready;
}

static long pipe_ioctl(struct file *file, unsigned int request, vaddr_t arg)
{
	int used;

	if (request != FIONREAD)
		return -ENOTTY;
	used = (int)pipe_used(file->inode->pipe);
	return copy_to_user(arg, &used, sizeof(used));
}

/* One end less; whoever waits at the other must look again. */
static void close_end(struct pipe *pipe, uint32_t *end)
{
	mutex_lock(&pipe->lock);
	--*end;
	mutex_unlock(&pipe->lock);
	wake_up(&pipe->readable);
	wake_up(&pipe->writable);
}

static void pipe_release_read(struct file *file)
{
	close_end(file->inode->pipe, &file->inode->pipe->readers);
}

static void pipe_release_write(struct file *file)
{
	close_end(file->inode->pipe, &file->inode->pipe->writers);
}

static void pipe_destroy(struct inode *inode)
{
	struct pipe *pipe = inode->pipe;

	if (!pipe)
		return;
	for (size_t i = 0; i < PIPE_SLOTS; i++)
		free_slot(&pipe->slots[i]);
	kfree(pipe);
}

static const struct inode_ops pipe_inode_ops = {
	.destroy = pipe_destroy,
};

static const struct file_ops pipe_read_ops = {
	.read = pipe_read,
	.poll = pipe_poll_read,
	.ioctl = pipe_ioctl,
	.release = pipe_release_read,
};

static const struct file_ops pipe_write_ops = {
	.write = pipe_write,
	.poll = pipe_poll_write,
	.ioctl = pipe_ioctl,
	.release = pipe_release_write,
};

/* ---- making one ---- */

static struct inode *pipe_inode_create(void)
{
	struct inode *inode = inode_create(&pipefs, S_IFIFO | 0600,
					   &pipe_inode_ops, &no_file_ops);
	struct pipe *pipe;

	if (!inode)
		return NULL;
	pipe = kzalloc(sizeof(*pipe));
	inode->pipe = pipe;
	if (!pipe) {
		inode_put(inode);
		return NULL;
	}
	inode->nlink = 1;
	mutex_init(&pipe->lock, RANK_IO);
	wait_queue_init(&pipe->readable);
	wait_queue_init(&pipe->writable);
	return inode;
}

int pipe_create(struct file *ends[2], unsigned int flags)
{
	struct inode *inode;
	struct file *reader = NULL, *writer = NULL;

	if (flags & ~(O_NONBLOCK | O_CLOEXEC | O_DIRECT))
		return -EINVAL;
	inode = pipe_inode_create();
	if (!inode)
		return -ENOMEM;
	reader = file_create(inode, NULL, O_RDONLY | (flags & O_NONBLOCK));
	writer = file_create(inode, NULL, O_WRONLY | (flags & O_NONBLOCK));
	inode_put(inode); /* the files hold it */
	if (!reader || !writer)
		goto no_memory;
	reader->ops = &pipe_read_ops;
	writer->ops = &pipe_write_ops;
	inode->pipe->readers = inode->pipe->writers = 1;
	ends[0] = reader;
	ends[1] = writer;
	return 0;
no_memory:
	if (reader)
		file_put(reader);
	if (writer)
		file_put(writer);
	return -ENOMEM;
}
