/*
 * Numbers for scanf: collected as text, as long as they may still become one,
 * and then given to strtol() or strtod().
 */
#include "scan_spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX	512	/* bytes of the longest number that is read */

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
	c = __scan_get(n->source);
	if (c == EOF || !accept(c)) {
		__scan_unget(n->source, c);
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
	c = __scan_get(n->source);
	__scan_unget(n->source, c);
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

void __scan_store(struct arguments *args, enum scan_size size,
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

enum scan_result __scan_integer(struct __source *source,
				const struct scan_spec *spec,
				struct arguments *args)
{
	int base = base_of(spec->conv);
	struct number_text n;
	enum scan_result result;
	unsigned long value;

	__scan_skip_spaces(source);
	number_begin(&n, source, spec->width);
	result = read_integer(&n, &base);
	if (result != SCAN_OK || spec->discard)
		return result;
	if (spec->conv == 'd' || spec->conv == 'i')
		value = (unsigned long)strtol(n.text, NULL, base);
	else
		value = strtoul(n.text, NULL, base);
	__scan_store(args, spec->conv == 'p' ? SIZE_LONG : spec->size, value);
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

enum scan_result __scan_float(struct __source *source,
			      const struct scan_spec *spec,
			      struct arguments *args)
{
	enum scan_result result;
	struct number_text n;

	__scan_skip_spaces(source);
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
