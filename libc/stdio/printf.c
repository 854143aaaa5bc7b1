/* Formatting to streams. */
#include "file.h"
#include "format.h"

struct file_sink {
	struct __sink sink;
	FILE *file;
	int failed;
};

static void file_sink_write(struct __sink *sink, const char *text, size_t n)
{
	struct file_sink *out = (struct file_sink *)sink;

	if (!out->failed && fwrite(text, 1, n, out->file) != n)
		out->failed = 1;
}

/* Without a buffer, each piece of text would be a system call of its own. */
static int print_unbuffered(FILE *file, const char *fmt, va_list args)
{
	int n = vdprintf(file->fd, fmt, args);

	if (n < 0)
		file->flags |= FILE_ERROR;
	return n;
}

int vfprintf(FILE *restrict file, const char *restrict fmt, va_list args)
{
	struct file_sink out = { .sink = { file_sink_write }, .file = file };
	int n;

	if (__file_begin_write(file) != 0)
		return -1;
	if (file->buf_mode == _IONBF)
		return print_unbuffered(file, fmt, args);
	n = __format(&out.sink, fmt, args);
	return out.failed ? -1 : n;
}

int vprintf(const char *restrict fmt, va_list args)
{
	return vfprintf(stdout, fmt, args);
}

int fprintf(FILE *restrict file, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vfprintf(file, fmt, args);
	va_end(args);
	return n;
}

int printf(const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vfprintf(stdout, fmt, args);
	va_end(args);
	return n;
}
