/* Writing to streams. */
#include <string.h>

#include "file.h"

static size_t room(const FILE *file)
{
	return file->size - (size_t)(file->pos - file->buf);
}

/*
 * Put bytes into the buffer, or, if there are more than it can hold, write
 * them out behind what it has. 0, or EOF.
 */
static int write_buffered(FILE *file, const unsigned char *src, size_t n)
{
	if (n > room(file) && __file_flush_write(file) != 0)
		return EOF;
	if (n > room(file))
		return __file_write_all(file, src, n);
	file->flags |= FILE_WRITING;
	memcpy(file->pos, src, n);
	file->pos += n;
	return 0;
}

/* The part that must be written now, under the stream's mode of buffering. */
static size_t urgent_bytes(const FILE *file, const unsigned char *src, size_t n)
{
	const unsigned char *newline;

	if (file->buf_mode == _IOFBF)
		return 0;
	if (file->buf_mode == _IONBF)
		return n;
	newline = memrchr(src, '\n', n);
	return newline ? (size_t)(newline + 1 - src) : 0;
}

static int write_bytes(FILE *file, const unsigned char *src, size_t n)
{
	size_t urgent;

	if (__file_begin_write(file) != 0)
		return EOF;
	urgent = urgent_bytes(file, src, n);
	if (urgent > 0) {
		if (write_buffered(file, src, urgent) != 0 ||
		    __file_flush_write(file) != 0)
			return EOF;
		src += urgent;
		n -= urgent;
	}
	return write_buffered(file, src, n);
}

/* A failed write counts as none: how far it came is not known any more. */
size_t fwrite(const void *restrict src, size_t size, size_t n,
	      FILE *restrict file)
{
	if (size == 0 || n == 0)
		return 0;
	return write_bytes(file, src, size * n) == 0 ? n : 0;
}

int fputc(int c, FILE *file)
{
	unsigned char byte = (unsigned char)c;

	/* The common case: room in the buffer and no reason to write it. */
	if ((file->flags & FILE_WRITING) && file->buf_mode == _IOFBF &&
	    room(file) > 0) {
		*file->pos++ = byte;
		return byte;
	}
	return write_bytes(file, &byte, 1) == 0 ? byte : EOF;
}

int putc(int c, FILE *file)
{
	return fputc(c, file);
}

int fputs(const char *restrict str, FILE *restrict file)
{
	return write_bytes(file, (const unsigned char *)str, strlen(str));
}
