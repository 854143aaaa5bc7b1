/*
 * The engine behind the printf family: reads the format, takes the arguments,
 * and hands each conversion to the file that knows it.
 */
#include "format.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "format_spec.h"

static void format_string(struct format_out *out, struct format_spec *spec,
			  const char *str, size_t len)
{
	spec->flags &= ~(unsigned int)FLAG_ZERO;
	__format_field_begin(out, spec, "", len);
	__format_text(out, str, len);
	__format_field_end(out, spec, "", len);
}

/* %s; a null pointer is shown if there is room for all of its name. */
static void format_str_arg(struct format_out *out, struct format_spec *spec,
			   const char *str)
{
	size_t max = spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision;

	if (!str)
		str = max < strlen("(null)") ? "" : "(null)";
	format_string(out, spec, str, strnlen(str, max));
}

static void format_pointer(struct format_out *out, struct format_spec *spec,
			   const void *ptr)
{
	if (!ptr) {
		format_string(out, spec, "(nil)", strlen("(nil)"));
		return;
	}
	spec->flags |= FLAG_ALT;
	spec->conv = 'x';
	__format_unsigned(out, spec, (uintptr_t)ptr);
}

/* ---- reading a conversion ---- */

static unsigned int parse_flags(const char **fmt)
{
	static const char flag_chars[] = "-+ #0";	/* FLAG_LEFT is bit 0 */
	unsigned int flags = 0;
	const char *found;

	for (; **fmt && (found = strchr(flag_chars, **fmt)); (*fmt)++)
		flags |= 1U << (found - flag_chars);
	return flags;
}

/* A number of the format; -1 if it is more than an int can hold. */
static int parse_number(const char **fmt)
{
	int n = 0;
	int overflow = 0;

	for (; **fmt >= '0' && **fmt <= '9'; (*fmt)++) {
		overflow |= __builtin_mul_overflow(n, 10, &n);
		overflow |= __builtin_add_overflow(n, **fmt - '0', &n);
	}
	return overflow ? -1 : n;
}

static enum format_size parse_size(const char **fmt)
{
	switch (**fmt) {
	case 'h':
		if (*++*fmt != 'h')
			return SIZE_SHORT;
		++*fmt;
		return SIZE_CHAR;
	case 'l':
		*fmt += (*fmt)[1] == 'l' ? 2 : 1;
		return SIZE_LONG;
	case 'j':
	case 'z':
	case 't':
		++*fmt;
		return SIZE_LONG;
	case 'L':
		++*fmt;
		return SIZE_LONG_DOUBLE;
	}
	return SIZE_INT;
}

/* A va_list inside a struct can be passed on by address, whatever it is. */
struct arguments {
	va_list list;
};

/* From behind the '%' to the conversion character. -1: a number too large. */
static int parse_spec(const char **fmt, struct format_spec *spec,
		      struct arguments *args)
{
	spec->flags = parse_flags(fmt);
	if (**fmt == '*') {
		++*fmt;
		spec->width = va_arg(args->list, int);
		if (spec->width == INT_MIN)
			return -1;
		if (spec->width < 0) {
			spec->flags |= FLAG_LEFT;
			spec->width = -spec->width;
		}
	} else {
		spec->width = parse_number(fmt);
		if (spec->width < 0)
			return -1;
	}
	spec->precision = -1;
	if (**fmt == '.' && *++*fmt == '*') {
		++*fmt;
		spec->precision = va_arg(args->list, int);
	} else if ((*fmt)[-1] == '.') {
		spec->precision = parse_number(fmt);
		if (spec->precision < 0)
			return -1;
	}
	spec->size = parse_size(fmt);
	spec->conv = **fmt;
	return 0;
}

/* ---- taking the argument and converting it ---- */

static intmax_t signed_arg(struct arguments *args, enum format_size size)
{
	switch (size) {
	case SIZE_CHAR:
		return (signed char)va_arg(args->list, int);
	case SIZE_SHORT:
		return (short)va_arg(args->list, int);
	case SIZE_INT:
		return va_arg(args->list, int);
	default:
		return va_arg(args->list, long);
	}
}

static uintmax_t unsigned_arg(struct arguments *args, enum format_size size)
{
	switch (size) {
	case SIZE_CHAR:
		return (unsigned char)va_arg(args->list, unsigned int);
	case SIZE_SHORT:
		return (unsigned short)va_arg(args->list, unsigned int);
	case SIZE_INT:
		return va_arg(args->list, unsigned int);
	default:
		return va_arg(args->list, unsigned long);
	}
}

/* %n */
static void store_count(void *dst, enum format_size size, size_t count)
{
	switch (size) {
	case SIZE_CHAR:
		*(signed char *)dst = (signed char)count;
		break;
	case SIZE_SHORT:
		*(short *)dst = (short)count;
		break;
	case SIZE_INT:
		*(int *)dst = (int)count;
		break;
	default:
		*(long *)dst = (long)count;
		break;
	}
}

static int format_char(struct format_out *out, struct format_spec *spec,
		       struct arguments *args)
{
	wchar_t wide;
	char c;

	if (spec->size == SIZE_LONG) {
		wide = (wchar_t)va_arg(args->list, int);
		return __format_wide_char(out, spec, wide);
	}
	c = (char)va_arg(args->list, int);
	format_string(out, spec, &c, 1);
	return 0;
}

static int format_str(struct format_out *out, struct format_spec *spec,
		      struct arguments *args)
{
	const wchar_t *wide;

	if (spec->size == SIZE_LONG) {
		wide = va_arg(args->list, const wchar_t *);
		if (wide)
			return __format_wide_str(out, spec, wide);
		format_str_arg(out, spec, NULL);
		return 0;
	}
	format_str_arg(out, spec, va_arg(args->list, const char *));
	return 0;
}

static void format_float(struct format_out *out, struct format_spec *spec,
			 struct arguments *args)
{
	if (spec->size == SIZE_LONG_DOUBLE)
		__format_long_double(out, spec, va_arg(args->list, long double));
	else
		__format_double(out, spec, va_arg(args->list, double));
}

/* Returns 0 or an errno. */
static int convert(struct format_out *out, struct format_spec *spec,
		   struct arguments *args)
{
	switch (spec->conv) {
	case 'd':
	case 'i':
		__format_signed(out, spec, signed_arg(args, spec->size));
		return 0;
	case 'u':
	case 'o':
	case 'x':
	case 'X':
		__format_unsigned(out, spec, unsigned_arg(args, spec->size));
		return 0;
	case 'p':
		format_pointer(out, spec, va_arg(args->list, void *));
		return 0;
	case 'c':
		return format_char(out, spec, args);
	case 's':
		return format_str(out, spec, args);
	case 'n':
		store_count(va_arg(args->list, void *), spec->size, out->count);
		return 0;
	case '%':
		__format_text(out, "%", 1);
		return 0;
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
	case 'a':
	case 'A':
		format_float(out, spec, args);
		return 0;
	}
	return EINVAL;
}

static int format_all(struct format_out *out, const char *fmt,
		      struct arguments *args)
{
	struct format_spec spec;
	size_t text_len;
	int err;

	for (;;) {
		text_len = strcspn(fmt, "%");
		__format_text(out, fmt, text_len);
		fmt += text_len;
		if (!*fmt)
			return 0;
		fmt++;
		if (parse_spec(&fmt, &spec, args) != 0)
			return EOVERFLOW;
		err = convert(out, &spec, args);
		if (err)
			return err;
		if (out->count > INT_MAX)
			return EOVERFLOW;
		fmt++;
	}
}

int __format(struct __sink *sink, const char *fmt, va_list args)
{
	struct format_out out = { .sink = sink };
	struct arguments copy;
	int err;

	va_copy(copy.list, args);
	err = format_all(&out, fmt, &copy);
	va_end(copy.list);
	if (!err && out.count > INT_MAX)
		err = EOVERFLOW;
	if (err) {
		errno = err;
		return -1;
	}
	return (int)out.count;
}
