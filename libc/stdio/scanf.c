/* Scanning a stream. */
#include <stdio.h>

#include "scan.h"

struct file_source {
	struct __source source;
	FILE *file;
};

static int file_get(struct __source *source)
{
	return getc(((struct file_source *)source)->file);
}

static void file_unget(struct __source *source, int c)
{
	ungetc(c, ((struct file_source *)source)->file);
}

int vfscanf(FILE *restrict file, const char *restrict fmt, va_list args)
{
	struct file_source src = {
		.source = { .get = file_get, .unget = file_unget },
		.file = file,
	};

	return __scan(&src.source, fmt, args);
}

int vscanf(const char *restrict fmt, va_list args)
{
	return vfscanf(stdin, fmt, args);
}

int fscanf(FILE *restrict file, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vfscanf(file, fmt, args);
	va_end(args);
	return n;
}

int scanf(const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vfscanf(stdin, fmt, args);
	va_end(args);
	return n;
}
