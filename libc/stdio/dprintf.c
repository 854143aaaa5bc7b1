/*
 * Formatting to a descriptor. A small buffer on the stack makes one write of
 * what is usually one line, so that messages of two processes do not mix.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "format.h"

struct fd_sink {
	struct __sink sink;
	int fd;
	int failed;
	size_t used;
	char buf[256];
};

static void fd_sink_flush(struct fd_sink *out)
{
	const char *pos = out->buf;
	ssize_t written;

	while (out->used > 0 && !out->failed) {
		written = write(out->fd, pos, out->used);
		if (written < 0) {
			out->failed = 1;
			break;
		}
		pos += written;
		out->used -= (size_t)written;
	}
	out->used = 0;
}

static void fd_sink_write(struct __sink *sink, const char *text, size_t n)
{
	struct fd_sink *out = (struct fd_sink *)sink;
	size_t part;

	for (; n > 0; text += part, n -= part) {
		if (out->used == sizeof(out->buf))
			fd_sink_flush(out);
		part = sizeof(out->buf) - out->used;
		if (part > n)
			part = n;
		memcpy(out->buf + out->used, text, part);
		out->used += part;
	}
}

int vdprintf(int fd, const char *restrict fmt, va_list args)
{
	struct fd_sink out;
	int n;

	out.sink.write = fd_sink_write;
	out.fd = fd;
	out.failed = 0;
	out.used = 0;
	n = __format(&out.sink, fmt, args);
	fd_sink_flush(&out);
	return out.failed ? -1 : n;
}

int dprintf(int fd, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vdprintf(fd, fmt, args);
	va_end(args);
	return n;
}
