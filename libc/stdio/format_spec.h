#pragma once

#include <stddef.h>
#include <stdint.h>

#include "format.h"

/* What the files of the formatting engine share; nobody else needs it. */

/* Flags of a conversion, in the order of the standard. */
#define FLAG_LEFT	0x01	/* - */
#define FLAG_PLUS	0x02	/* + */
#define FLAG_SPACE	0x04	/* space */
#define FLAG_ALT	0x08	/* # */
#define FLAG_ZERO	0x10	/* 0 */

enum format_size {
	SIZE_INT,
	SIZE_CHAR,		/* hh */
	SIZE_SHORT,		/* h */
	SIZE_LONG,		/* l, ll, j, z, t: all have 64 bits */
	SIZE_LONG_DOUBLE,	/* L */
};

/* One conversion: %[flags][width][.precision][size]conv */
struct format_spec {
	unsigned int flags;
	int width;
	int precision;		/* -1: not given */
	enum format_size size;
	char conv;
};

/* Output in progress. */
struct format_out {
	struct __sink *sink;
	size_t count;		/* bytes so far, whether they fitted or not */
};

/* format_out.c: text, padding, sign. */
void __format_text(struct format_out *out, const char *text, size_t n);
void __format_repeat(struct format_out *out, char c, size_t n);

/*
 * A field is laid out as
 *
 *	spaces | prefix | zeros | body | spaces
 *
 * where only one of the three paddings is there: by the width and the flags.
 * __format_field_begin() writes what stands before the body, which then has
 * @body_len bytes; __format_field_end() writes what stands behind it.
 */
void __format_field_begin(struct format_out *out,
			  const struct format_spec *spec, const char *prefix,
			  size_t body_len);
void __format_field_end(struct format_out *out, const struct format_spec *spec,
			const char *prefix, size_t body_len);

/* The sign that a signed conversion shows: "-", "+", " " or "". */
const char *__format_sign(const struct format_spec *spec, int negative);

/* format_int.c: %d %i, and %u %o %x %X %p */
void __format_signed(struct format_out *out, struct format_spec *spec,
		     intmax_t value);
void __format_unsigned(struct format_out *out, struct format_spec *spec,
		       uintmax_t value);

/* format_float.c: %e %f %g %a and their capitals */
void __format_double(struct format_out *out, struct format_spec *spec,
		     double value);
void __format_long_double(struct format_out *out, struct format_spec *spec,
			  long double value);

/* format_wide.c: %lc and %ls, as UTF-8. 0, or EILSEQ: no such character. */
int __format_wide_char(struct format_out *out, struct format_spec *spec,
		       wchar_t wide);
int __format_wide_str(struct format_out *out, struct format_spec *spec,
		      const wchar_t *str);
