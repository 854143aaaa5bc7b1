/* Streams: the buffer between a program and a file descriptor. */
#include "file.h"

#include <errno.h>
#include <unistd.h>

#include "../stdlib/exit.h"

static struct __file *open_files;

void __file_list(struct __file *file)
{
	if (file->flags & FILE_LISTED)
		return;
	file->flags |= FILE_LISTED;
	file->next = open_files;
	open_files = file;
}

void __file_unlist(struct __file *file)
{
	struct __file **link = &open_files;

	if (!(file->flags & FILE_LISTED))
		return;
	while (*link != file)
		link = &(*link)->next;
	*link = file->next;
	file->flags &= ~(unsigned int)FILE_LISTED;
}

static int fail(struct __file *file)
{
	file->flags |= FILE_ERROR;
	return EOF;
}

int __file_write_all(struct __file *file, const unsigned char *src, size_t n)
{
	ssize_t written;

	while (n > 0) {
		written = write(file->fd, src, n);
		if (written < 0)
			return fail(file);
		src += written;
		n -= (size_t)written;
	}
	return 0;
}

static void make_idle(struct __file *file)
{
	file->pos = file->end = file->buf;
	file->flags &= ~(unsigned int)(FILE_READING | FILE_WRITING);
}

int __file_flush_write(struct __file *file)
{
	size_t n = (size_t)(file->pos - file->buf);

	make_idle(file);
	return __file_write_all(file, file->buf, n);
}

/*
 * Give back input that was read ahead: the descriptor's offset moves to where
 * the program thinks it is. Returns -1 where that is not possible.
 */
static int unread_input(struct __file *file)
{
	if (file->pos == file->end)
		return 0;
	return lseek(file->fd, file->pos - file->end, SEEK_CUR) < 0 ? -1 : 0;
}

int __file_begin_read(struct __file *file)
{
	if (file->flags & FILE_READING)
		return 0;
	if (!(file->flags & FILE_READABLE)) {
		errno = EBADF;
		return fail(file);
	}
	if ((file->flags & FILE_WRITING) && __file_flush_write(file) != 0)
		return EOF;
	file->flags |= FILE_READING;
	return 0;
}

/* Terminals are line-buffered. It is asked late, and only of who writes. */
static void choose_buffering(struct __file *file)
{
	int saved = errno;

	if ((file->flags & FILE_ASK_TTY) && isatty(file->fd))
		file->buf_mode = _IOLBF;
	file->flags &= ~(unsigned int)FILE_ASK_TTY;
	errno = saved;
}

int __file_begin_write(struct __file *file)
{
	if (file->flags & FILE_WRITING)
		return 0;
	if (!(file->flags & FILE_WRITABLE)) {
		errno = EBADF;
		return fail(file);
	}
	if (file->flags & FILE_READING) {
		unread_input(file);	/* a pipe's is lost: the buffer is shared */
		make_idle(file);
	}
	choose_buffering(file);
	__file_list(file);
	file->flags |= FILE_WRITING;
	return 0;
}

/* A question should be on the screen before its answer is waited for. */
static void flush_terminals(void)
{
	struct __file *file;

	for (file = open_files; file; file = file->next)
		if ((file->flags & FILE_WRITING) && file->buf_mode == _IOLBF)
			__file_flush_write(file);
}

int __file_fill(struct __file *file)
{
	ssize_t got;

	if (__file_begin_read(file) != 0)
		return EOF;
	flush_terminals();
	file->pos = file->end = file->buf;
	got = read(file->fd, file->buf, file->size);
	if (got <= 0) {
		file->flags |= got == 0 ? FILE_EOF : FILE_ERROR;
		return EOF;
	}
	file->end += got;
	return *file->pos;
}

/* Of an input stream: the offset is set right, but a pipe's input is kept. */
static int flush_one(struct __file *file)
{
	int saved = errno;

	if (file->flags & FILE_WRITING)
		return __file_flush_write(file);
	if (unread_input(file) == 0)
		make_idle(file);
	errno = saved;
	return 0;
}

int fflush(FILE *file)
{
	int result = 0;

	if (file)
		return flush_one(file);
	for (file = open_files; file; file = file->next)
		if ((file->flags & FILE_WRITING) &&
		    __file_flush_write(file) != 0)
			result = EOF;
	return result;
}

void __stdio_flush_all(void)
{
	fflush(NULL);
}

int fileno(FILE *file)
{
	return file->fd;
}

int feof(FILE *file)
{
	return (file->flags & FILE_EOF) != 0;
}

int ferror(FILE *file)
{
	return (file->flags & FILE_ERROR) != 0;
}

void clearerr(FILE *file)
{
	file->flags &= ~(unsigned int)(FILE_EOF | FILE_ERROR);
}
