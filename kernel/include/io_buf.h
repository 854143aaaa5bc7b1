/*
 * Where the bytes of a read go to and those of a write come from.
 *
 * A cursor over one or more segments of memory, user's or kernel's, so that
 * read(2), readv(2) and the kernel's own readers of files share one code path
 * and no byte is copied twice:
 *
 *	|##########......|   |...........|   |.....|
 *	           ^addr                            . still to come: bytes
 *	           <----->  segment_bytes
 *
 * User memory is copied by uaccess.h, so its rules hold: no spinlock and no
 * mm->lock may be held.
 */
#pragma once

#include <uapi/uio.h>

#include "types.h"

struct io_buf {
	vaddr_t addr;             /* the next byte */
	size_t segment_bytes;     /* left in the segment that addr is in */
	size_t bytes;             /* left in all segments */
	const struct iovec *next; /* the segments after it, kernel memory */
	bool user;                /* addresses are the user's, not trusted */
};

static inline struct io_buf io_buf_user(vaddr_t addr, size_t bytes)
{
	return (struct io_buf){ addr, bytes, bytes, NULL, true };
}

/* For a write the memory is only read, whatever the type says. */
static inline struct io_buf io_buf_kernel(const void *addr, size_t bytes)
{
	return (struct io_buf){ (vaddr_t)addr, bytes, bytes, NULL, false };
}

/*
 * A cursor over @nr segments of user memory. @vec is the kernel's copy and must
 * live as long as the cursor. -EINVAL: a length, or the sum, exceeds SSIZE_MAX.
 */
int io_buf_user_vec(struct io_buf *buf, const struct iovec *vec, size_t nr);

/*
 * Copy @n bytes into or out of the cursor and advance it, @n <= buf->bytes.
 * Returns the bytes copied: less than @n only when the user's memory ended.
 */
size_t io_put(struct io_buf *to, const void *from, size_t n);
size_t io_get(void *to, struct io_buf *from, size_t n);

/* As io_put() with zero bytes. */
size_t io_put_zeros(struct io_buf *to, size_t n);
