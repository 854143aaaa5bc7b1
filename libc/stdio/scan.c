/*
 * The engine behind the scanf family. Numbers are collected as text, as long
 * as they may still become one, and then given to strtol() or strtod().
 */
#include "scan.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX	512	/* bytes of the longest number that is read */

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

static int get(struct __source *source)
{
	int c = source->get(source);

	if (c != EOF)
		source->count++;
	return c;
}

static void unget(struct __source *source, int c)
{
	if (c == EOF)
		return;
	source->unget(source, c);
	source->count--;
}

static void skip_spaces(struct __source *source)
{
	int c;

	do {
		c = get(source);
	} while (c != EOF && isspace(c));
	unget(source, c);
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

/* ---- numbers ---- */

/* The text of a number under way. */
struct number_text {
	struct __source *source;
	int left;		/* bytes that may still be taken */
	int len;
	char text[NUMBER_MAX];
};

/* Take the next byte if @accept says so. */
static int take_if(struct number_text *n, int (*accept)(int c))
{
	int c;

	if (n->left == 0)
		return 0;
	c = get(n->source);
	if (c == EOF || !accept(c)) {
		unget(n->source, c);
		return 0;
	}
	n->left--;
	n->text[n->len++] = (char)c;
	n->text[n->len] = '\0';
	return 1;
}

static int is_sign(int c)
{
	return c == '+' || c == '-';
}

static int is_zero(int c)
{
	return c == '0';
}

static int is_x(int c)
{
	return (c | 0x20) == 'x';
}

static int is_octal(int c)
{
	return c >= '0' && c <= '7';
}

static int is_point(int c)
{
	return c == '.';
}

static int is_e(int c)
{
	return (c | 0x20) == 'e';
}

static int is_p(int c)
{
	return (c | 0x20) == 'p';
}

static void number_begin(struct number_text *n, struct __source *source,
			 int width)
{
	n->source = source;
	n->left = width < NUMBER_MAX - 1 ? width : NUMBER_MAX - 1;
	n->len = 0;
	n->text[0] = '\0';
}

/* Why is there no number? */
static enum scan_result no_number(const struct number_text *n)
{
	int c;

	if (n->len > 0)
		return SCAN_MISMATCH;
	c = get(n->source);
	unget(n->source, c);
	return c == EOF ? SCAN_EOF : SCAN_MISMATCH;
}

/* An integer's text, for @base; 0 is decided by the prefix. */
static enum scan_result read_integer(struct number_text *n, int *base)
{
	int (*is_digit)(int c);
	int digits = 0;

	take_if(n, is_sign);
	if ((*base == 0 || *base == 16) && take_if(n, is_zero)) {
		digits = 1;
		if (take_if(n, is_x)) {
			*base = 16;
			digits = 0;
		} else if (*base == 0) {
			*base = 8;
		}
	}
	if (*base == 0)
		*base = 10;
	is_digit = *base == 16 ? isxdigit : *base == 8 ? is_octal : isdigit;
	while (take_if(n, is_digit))
		digits = 1;
	return digits ? SCAN_OK : no_number(n);
}

static int base_of(char conv)
{
	switch (conv) {
	case 'i':
		return 0;
	case 'o':
		return 8;
	case 'x':
	case 'X':
	case 'p':
		return 16;
	}
	return 10;
}

static void store_integer(struct arguments *args, enum scan_size size,
			  unsigned long value)
{
	void *dst = va_arg(args->list, void *);

	switch (size) {
	case SIZE_CHAR:
		*(unsigned char *)dst = (unsigned char)value;
		break;
	case SIZE_SHORT:
		*(unsigned short *)dst = (unsigned short)value;
		break;
	case SIZE_INT:
		*(unsigned int *)dst = (unsigned int)value;
		break;
	default:
		*(unsigned long *)dst = value;
	}
}

static enum scan_result scan_integer(struct __source *source,
				     const struct scan_spec *spec,
				     struct arguments *args)
{
	int base = base_of(spec->conv);
	struct number_text n;
	enum scan_result result;
	unsigned long value;

	skip_spaces(source);
	number_begin(&n, source, spec->width);
	result = read_integer(&n, &base);
	if (result != SCAN_OK || spec->discard)
		return result;
	if (spec->conv == 'd' || spec->conv == 'i')
		value = (unsigned long)strtol(n.text, NULL, base);
	else
		value = strtoul(n.text, NULL, base);
	store_integer(args, spec->conv == 'p' ? SIZE_LONG : spec->size, value);
	return SCAN_OK;
}

/* "inf", "infinity" or "nan", of which the first letter was taken. */
static enum scan_result read_word(struct number_text *n)
{
	static const char *const words[] = { "nan", "infinity" };
	const char *start = n->text + n->len - 1;
	const char *word = words[(*start | 0x20) == 'i'];

	while (strlen(start) < strlen(word)) {
		if (!take_if(n, isalpha))
			break;
		if ((n->text[n->len - 1] | 0x20) != word[strlen(start) - 1])
			return SCAN_MISMATCH;
	}
	return strlen(start) == 3 || strlen(start) == 8 ? SCAN_OK
							: SCAN_MISMATCH;
}

static int starts_word(int c)
{
	return (c | 0x20) == 'i' || (c | 0x20) == 'n';
}

static enum scan_result read_float(struct number_text *n)
{
	int (*is_digit)(int c) = isdigit;
	int (*is_exponent)(int c) = is_e;
	int digits = 0;

	take_if(n, is_sign);
	if (take_if(n, starts_word))
		return read_word(n);
	if (take_if(n, is_zero)) {
		digits = 1;
		if (take_if(n, is_x)) {
			is_digit = isxdigit;
			is_exponent = is_p;
			digits = 0;
		}
	}
	while (take_if(n, is_digit))
		digits = 1;
	if (take_if(n, is_point))
		while (take_if(n, is_digit))
			digits = 1;
	if (!digits)
		return no_number(n);
	if (!take_if(n, is_exponent))
		return SCAN_OK;
	take_if(n, is_sign);
	if (!take_if(n, isdigit))
		return SCAN_MISMATCH;
	while (take_if(n, isdigit))
		;
	return SCAN_OK;
}

static enum scan_result scan_float(struct __source *source,
				   const struct scan_spec *spec,
				   struct arguments *args)
{
	enum scan_result result;
	struct number_text n;

	skip_spaces(source);
	number_begin(&n, source, spec->width);
	result = read_float(&n);
	if (result != SCAN_OK || spec->discard)
		return result;
	if (spec->size == SIZE_LONG_DOUBLE)
		*va_arg(args->list, long double *) = strtold(n.text, NULL);
	else if (spec->size == SIZE_LONG)
		*va_arg(args->list, double *) = strtod(n.text, NULL);
	else
		*va_arg(args->list, float *) = strtof(n.text, NULL);
	return SCAN_OK;
}

/* ---- text: %c %s %[ ---- */

static int in_set(const struct scan_spec *spec, int c)
{
	const unsigned char *p = (const unsigned char *)spec->set;
	const unsigned char *end = (const unsigned char *)spec->set_end;

	for (; p < end; p++) {
		if (p + 2 < end && p[1] == '-') {
			if (c >= p[0] && c <= p[2])
				return !spec->set_inverted;
			p += 2;
		} else if (c == *p) {
			return !spec->set_inverted;
		}
	}
	return spec->set_inverted;
}

static int is_text(const struct scan_spec *spec, int c)
{
	switch (spec->conv) {
	case 'c':
		return 1;
	case 's':
		return !isspace(c);
	}
	return in_set(spec, c);
}

/* Where text goes: the caller's array, memory that grows, or nowhere. */
struct text_target {
	char *dst;
	char **allocated;	/* NULL: dst is the caller's */
	size_t size;
	size_t len;
};

/* Returns -1 without memory. */
static int target_put(struct text_target *t, char c)
{
	char *bigger;

	if (t->allocated && t->len == t->size) {
		bigger = realloc(t->dst, t->size ? t->size * 2 : 32);
		if (!bigger)
			return -1;
		t->dst = bigger;
		t->size = t->size ? t->size * 2 : 32;
	}
	if (t->dst)
		t->dst[t->len] = c;
	t->len++;
	return 0;
}

static enum scan_result read_text(struct __source *source,
				  const struct scan_spec *spec,
				  struct text_target *target)
{
	int left = spec->width;
	int c = EOF;

	for (; left > 0; left--) {
		c = get(source);
		if (c == EOF)
			break;
		if (!is_text(spec, c)) {
			unget(source, c);
			break;
		}
		if (target_put(target, (char)c) != 0)
			return SCAN_EOF;
	}
	if (left == spec->width)	/* "%2c" is content with one, as in glibc */
		return c == EOF ? SCAN_EOF : SCAN_MISMATCH;
	if (spec->conv != 'c' && target_put(target, '\0') != 0)
		return SCAN_EOF;
	return SCAN_OK;
}

static enum scan_result scan_text(struct __source *source,
				  const struct scan_spec *spec,
				  struct arguments *args)
{
	struct text_target target = { 0 };
	enum scan_result result;

	if (spec->conv == 's')
		skip_spaces(source);
	if (!spec->discard && spec->allocate)
		target.allocated = va_arg(args->list, char **);
	else if (!spec->discard)
		target.dst = va_arg(args->list, char *);
	result = read_text(source, spec, &target);
	if (!target.allocated)
		return result;
	if (result == SCAN_OK)
		*target.allocated = target.dst;
	else
		free(target.dst);
	return result;
}

/* ---- all of them ---- */

static enum scan_result scan_percent(struct __source *source)
{
	int c;

	skip_spaces(source);
	c = get(source);
	if (c == '%')
		return SCAN_OK;
	unget(source, c);
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
		result = scan_integer(source, spec, args);
		break;
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		result = scan_float(source, spec, args);
		break;
	case 'c':
	case 's':
	case '[':
		result = scan_text(source, spec, args);
		break;
	case 'n':
		if (!spec->discard)
			store_integer(args, spec->size, source->count);
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
	int c = get(source);

	if (c == (unsigned char)want)
		return SCAN_OK;
	unget(source, c);
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
			skip_spaces(source);
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
