/* Formatting into memory from malloc(): measured first, then written. */
#include <stdio.h>
#include <stdlib.h>

int vasprintf(char **restrict dst, const char *restrict fmt, va_list args)
{
	va_list measure;
	int len;

	va_copy(measure, args);
	len = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	if (len < 0)
		return -1;
	*dst = malloc((size_t)len + 1);
	if (!*dst)
		return -1;
	return vsnprintf(*dst, (size_t)len + 1, fmt, args);
}

int asprintf(char **restrict dst, const char *restrict fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(dst, fmt, args);
	va_end(args);
	return n;
}
