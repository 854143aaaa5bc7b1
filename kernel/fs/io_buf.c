/*
 * The cursor over memory that reads fill and writes drain.
 */
#include "io_buf.h"

#include <uapi/errno.h>

#include "string.h"
#include "uaccess.h"

int io_buf_user_vec(struct io_buf *buf, const struct iovec *vec, size_t nr)
{
	size_t bytes = 0;

	for (size_t i = 0; i < nr; i++) {
		bytes += vec[i].iov_len;
		if ((ssize_t)vec[i].iov_len < 0 || (ssize_t)bytes < 0)
			return -EINVAL;
	}
	*buf = (struct io_buf){ 0, 0, bytes, vec, true };
	return 0;
}

/* Enter the next segment that has bytes; there is one while buf->bytes > 0. */
static void next_segment(struct io_buf *buf)
{
	do {
		buf->addr = (vaddr_t)buf->next->iov_base;
		buf->segment_bytes = buf->next->iov_len;
		buf->next++;
	} while (!buf->segment_bytes);
}

static void advance(struct io_buf *buf, size_t n)
{
	buf->addr += n;
	buf->segment_bytes -= n;
	buf->bytes -= n;
}

/* How much of @n the current segment takes; enters one if need be. */
static size_t segment_share(struct io_buf *buf, size_t n)
{
	if (unlikely(!buf->segment_bytes))
		next_segment(buf);
	return n < buf->segment_bytes ? n : buf->segment_bytes;
}

size_t io_put(struct io_buf *to, const void *from, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t part = segment_share(to, n - done);
		size_t missing = 0;

		if (to->user)
			missing = copy_to_user_partial(
				to->addr, (const char *)from + done, part);
		else
			memcpy((void *)to->addr, (const char *)from + done,
			       part);
		advance(to, part - missing);
		done += part - missing;
		if (missing)
			break;
	}
	return done;
}

size_t io_get(void *to, struct io_buf *from, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t part = segment_share(from, n - done);
		size_t missing = 0;

		if (from->user)
			missing = copy_from_user_partial((char *)to + done,
							 from->addr, part);
		else
			memcpy((char *)to + done, (const void *)from->addr,
			       part);
		advance(from, part - missing);
		done += part - missing;
		if (missing)
			break;
	}
	return done;
}

/* By way of a block of zeros, so that a bad address is found like any other. */
size_t io_put_zeros(struct io_buf *to, size_t n)
{
	static const char zeros[512];
	size_t done = 0;

	while (done < n) {
		size_t part = n - done;
		size_t copied;

		if (part > sizeof(zeros))
			part = sizeof(zeros);
		copied = io_put(to, zeros, part);
		done += copied;
		if (copied < part)
			break;
	}
	return done;
}
