/* Reading from streams. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

int fgetc(FILE *file)
{
	if (!(file->flags & FILE_READING) || file->pos == file->end)
		if (__file_fill(file) == EOF)
			return EOF;
	return *file->pos++;
}

int getc(FILE *file)
{
	return fgetc(file);
}

/*
 * Push @c back. What was just read always can be; nothing more is promised
 * when the buffer is full of input that was not read yet.
 */
int ungetc(int c, FILE *file)
{
	if (c == EOF || __file_begin_read(file) != 0)
		return EOF;
	if (file->pos == file->end)
		file->pos = file->end = file->buf + file->size;
	if (file->pos == file->buf)
		return EOF;
	*--file->pos = (unsigned char)c;
	file->flags &= ~(unsigned int)FILE_EOF;
	return (unsigned char)c;
}

static size_t take_buffered(FILE *file, unsigned char *dst, size_t n)
{
	size_t unread = (size_t)(file->end - file->pos);

	if (n > unread)
		n = unread;
	memcpy(dst, file->pos, n);
	file->pos += n;
	return n;
}

/* Larger rests bypass the buffer, which is empty then. */
static ssize_t read_direct(FILE *file, unsigned char *dst, size_t n)
{
	ssize_t got = read(file->fd, dst, n);

	if (got <= 0)
		file->flags |= got == 0 ? FILE_EOF : FILE_ERROR;
	return got;
}

size_t fread(void *restrict dst, size_t size, size_t n, FILE *restrict file)
{
	unsigned char *pos = dst;
	size_t left = size * n;
	size_t part;
	ssize_t got;

	if (left == 0 || __file_begin_read(file) != 0)
		return 0;
	for (;;) {
		part = take_buffered(file, pos, left);
		pos += part;
		left -= part;
		if (left == 0)
			return n;
		if (left < file->size) {
			if (__file_fill(file) == EOF)
				break;
			continue;
		}
		got = read_direct(file, pos, left);
		if (got <= 0)
			break;
		pos += got;
		left -= (size_t)got;
	}
	return (size_t)(pos - (unsigned char *)dst) / size;
}

char *fgets(char *restrict dst, int size, FILE *restrict file)
{
	char *pos = dst;
	int c;

	if (size <= 0)
		return NULL;
	while (--size > 0) {
		c = fgetc(file);
		if (c == EOF && (pos == dst || ferror(file)))
			return NULL;
		if (c == EOF)
			break;
		*pos++ = (char)c;
		if (c == '\n')
			break;
	}
	*pos = '\0';
	return dst;
}
