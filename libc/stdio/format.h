#pragma once

#include <stdarg.h>
#include <stddef.h>

/*
 * The printf family has one engine and several sinks: a caller's array, a
 * stream, a file descriptor. A sink that can hold no more drops what comes;
 * its owner notes that, the engine only counts.
 */
struct __sink {
	void (*write)(struct __sink *sink, const char *text, size_t n);
};

/*
 * Format to @sink as printf() does. Returns the number of bytes, or -1 with
 * errno: EOVERFLOW if they are more than INT_MAX, EINVAL for an unknown
 * conversion, EILSEQ for a wide character that is none.
 */
int __format(struct __sink *sink, const char *fmt, va_list args);
