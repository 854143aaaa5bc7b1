/* Formatting into memory. */
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

struct string_sink {
	struct __sink sink;
	char *pos;
	size_t room;		/* bytes that fit, besides the NUL */
};

static void string_sink_write(struct __sink *sink, const char *text, size_t n)
{
	struct string_sink *string = (struct string_sink *)sink;

	if (n > string->room)
		n = string->room;
	memcpy(string->pos, text, n);
	string->pos += n;
	string->room -= n;
}

int vsnprintf(char *restrict dst, size_t size, const char *restrict fmt,
	      va_list args)
{
	char nowhere[1];
	struct string_sink string = {
		.sink = { string_sink_write },
		.pos = size ? dst : nowhere,
		.room = size ? size - 1 : 0,
	};
	int n = __format(&string.sink, fmt, args);

	*string.pos = '\0';
	return n;
}

int vsprintf(char *restrict dst, const char *restrict fmt, va_list args)
{
	return vsnprintf(dst, SIZE_MAX, fmt, args);
}

int snprintf(char *restrict dst, size_t size, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(dst, size, fmt, args);
	va_end(args);
	return n;
}

int sprintf(char *restrict dst, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsprintf(dst, fmt, args);
	va_end(args);
	return n;
}
