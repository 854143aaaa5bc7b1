#pragma once

#include <stdarg.h>

#include "scan.h"

/* What the files of the scanf family share; nobody else needs it. */

enum scan_size {
	SIZE_INT,
	SIZE_CHAR,
	SIZE_SHORT,
	SIZE_LONG,
	SIZE_LONG_DOUBLE,
};

/* How a conversion ended. */
enum scan_result {
	SCAN_OK,
	SCAN_MISMATCH,
	SCAN_EOF,
};

/* One conversion: %[*][width][m][size]conv */
struct scan_spec {
	int discard;
	int width;		/* bytes at most */
	int allocate;		/* m: the text goes to memory from malloc() */
	enum scan_size size;
	char conv;
	const char *set;	/* of %[: the first member */
	const char *set_end;
	int set_inverted;
};

/* A va_list inside a struct can be passed on by address, whatever it is. */
struct arguments {
	va_list list;
};

/* The next byte, or EOF; put the last one back; both keep source->count. */
int __scan_get(struct __source *source);
void __scan_unget(struct __source *source, int c);
void __scan_skip_spaces(struct __source *source);

/* %d %i %o %u %x %p; %a %e %f %g; %c %s %[. Store what is read, unless discarded. */
enum scan_result __scan_integer(struct __source *source,
				const struct scan_spec *spec,
				struct arguments *args);
enum scan_result __scan_float(struct __source *source,
			      const struct scan_spec *spec,
			      struct arguments *args);
enum scan_result __scan_text(struct __source *source,
			     const struct scan_spec *spec,
			     struct arguments *args);

/* Store @value where the next argument points, in an integer of @size. */
void __scan_store(struct arguments *args, enum scan_size size,
		  unsigned long value);
