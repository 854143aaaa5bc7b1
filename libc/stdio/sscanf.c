/* Scanning a string. */
#include <stdio.h>

#include "scan.h"

struct string_source {
	struct __source source;
	const char *pos;
};

static int string_get(struct __source *source)
{
	struct string_source *string = (struct string_source *)source;

	return *string->pos ? (unsigned char)*string->pos++ : EOF;
}

static void string_unget(struct __source *source, int c)
{
	(void)c;
	((struct string_source *)source)->pos--;
}

int vsscanf(const char *restrict src, const char *restrict fmt, va_list args)
{
	struct string_source string = {
		.source = { .get = string_get, .unget = string_unget },
		.pos = src,
	};

	return __scan(&string.source, fmt, args);
}

int sscanf(const char *restrict src, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsscanf(src, fmt, args);
	va_end(args);
	return n;
}
