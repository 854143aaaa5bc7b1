#pragma once

#include <stdarg.h>

/*
 * The scanf family has one engine too. A source yields bytes one by one and
 * takes back the last one; both like getc() and ungetc().
 */
struct __source {
	int (*get)(struct __source *source);
	void (*unget)(struct __source *source, int c);
	unsigned long count;	/* bytes taken; the engine keeps it */
};

/* Returns the number of items stored, or EOF: the input ended before any. */
int __scan(struct __source *source, const char *fmt, va_list args);
