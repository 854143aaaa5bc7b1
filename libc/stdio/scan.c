/*
 * The engine behind the scanf family: from the format to one conversion after
 * the other. scan_number.c and scan_text.c read what they are for.
 */
#include "scan.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>

#include "scan_spec.h"

int __scan_get(struct __source *source)
{
	int c = source->get(source);

	if (c != EOF)
		source->count++;
	return c;
}

void __scan_unget(struct __source *source, int c)
{
	if (c == EOF)
		return;
	source->unget(source, c);
	source->count--;
}

void __scan_skip_spaces(struct __source *source)
{
	int c;

	do {
		c = __scan_get(source);
	} while (c != EOF && isspace(c));
	__scan_unget(source, c);
}

/* ---- reading a conversion ---- */

/* "%[]a]" contains a bracket, as "%[^]a]" excludes one. */
static const char *parse_set(const char *fmt, struct scan_spec *spec)
{
	spec->set_inverted = *fmt == '^';
	if (*fmt == '^')
		fmt++;
	spec->set = fmt;
	if (*fmt == ']')
		fmt++;
	while (*fmt && *fmt != ']')
		fmt++;
	spec->set_end = fmt;
	return fmt;
}

static const char *parse_size(const char *fmt, enum scan_size *size)
{
	*size = SIZE_INT;
	switch (*fmt) {
	case 'h':
		*size = fmt[1] == 'h' ? SIZE_CHAR : SIZE_SHORT;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		*size = SIZE_LONG;
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'j':
	case 'z':
	case 't':
		*size = SIZE_LONG;
		return fmt + 1;
	case 'L':
		*size = SIZE_LONG_DOUBLE;
		return fmt + 1;
	}
	return fmt;
}

/* From behind the '%'; returns the conversion's last character. */
static const char *parse_spec(const char *fmt, struct scan_spec *spec)
{
	*spec = (struct scan_spec){ .discard = *fmt == '*' };
	if (*fmt == '*')
		fmt++;
	for (; isdigit((unsigned char)*fmt); fmt++)
		if (spec->width < INT_MAX / 10 - 1)
			spec->width = spec->width * 10 + (*fmt - '0');
	spec->allocate = *fmt == 'm';
	if (*fmt == 'm')
		fmt++;
	fmt = parse_size(fmt, &spec->size);
	spec->conv = *fmt;
	if (spec->conv == '[')
		fmt = parse_set(fmt + 1, spec);
	else if (spec->width == 0 && spec->conv == 'c')
		spec->width = 1;
	if (spec->width == 0)
		spec->width = INT_MAX;
	return fmt;
}

/* ---- all of them ---- */

static enum scan_result scan_percent(struct __source *source)
{
	int c;

	__scan_skip_spaces(source);
	c = __scan_get(source);
	if (c == '%')
		return SCAN_OK;
	__scan_unget(source, c);
	return c == EOF ? SCAN_EOF : SCAN_MISMATCH;
}

/* @stored counts only what is an item: neither "%*d" nor "%n" nor "%%". */
static enum scan_result scan_one(struct __source *source,
				 const struct scan_spec *spec,
				 struct arguments *args, int *stored)
{
	enum scan_result result;

	switch (spec->conv) {
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
	case 'p':
		result = __scan_integer(source, spec, args);
		break;
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		result = __scan_float(source, spec, args);
		break;
	case 'c':
	case 's':
	case '[':
		result = __scan_text(source, spec, args);
		break;
	case 'n':
		if (!spec->discard)
			__scan_store(args, spec->size, source->count);
		return SCAN_OK;
	case '%':
		return scan_percent(source);
	default:
		return SCAN_MISMATCH;
	}
	if (result == SCAN_OK && !spec->discard)
		++*stored;
	return result;
}

static enum scan_result scan_literal(struct __source *source, char want)
{
	int c = __scan_get(source);

	if (c == (unsigned char)want)
		return SCAN_OK;
	__scan_unget(source, c);
	return c == EOF ? SCAN_EOF : SCAN_MISMATCH;
}

int __scan(struct __source *source, const char *fmt, va_list args)
{
	enum scan_result result = SCAN_OK;
	struct arguments copy;
	struct scan_spec spec;
	int stored = 0;

	va_copy(copy.list, args);
	for (; *fmt && result == SCAN_OK; fmt++) {
		if (isspace((unsigned char)*fmt)) {
			__scan_skip_spaces(source);
		} else if (*fmt != '%') {
			result = scan_literal(source, *fmt);
		} else {
			fmt = parse_spec(fmt + 1, &spec);
			result = scan_one(source, &spec, &copy, &stored);
			if (!*fmt)
				break;
		}
	}
	va_end(copy.list);
	return result == SCAN_EOF && stored == 0 ? EOF : stored;
}
