/*
 * Formatted text: the part of printf that a kernel uses.
 *
 * One conversion is read into a struct spec, turned into a run of digits or
 * characters, and padded by one function. Integers only; there is no %n.
 */
#include "printk.h"
#include "string.h"

/* Where the text goes; .length grows beyond .size, only the copying stops. */
struct out {
	char *buf;
	size_t size;
	size_t length;
};

struct spec {
	bool left;      /* '-': pad on the right */
	bool zero;      /* '0': pad numbers with zeros */
	int width;
	int precision;  /* -1: none given */
	int longs;      /* how many l; z counts as one */
	char conversion;
};

/* 64 bits in octal would be 22; our smallest base is 10: 20 digits and a sign. */
#define NUMBER_MAX_CHARS 24

static void put(struct out *out, char c)
{
	if (out->length + 1 < out->size)
		out->buf[out->length] = c;
	out->length++;
}

static void put_repeated(struct out *out, char c, int n)
{
	while (n-- > 0)
		put(out, c);
}

/*
 * @prefix (a sign or 0x) then @text, padded to the width: blanks go around
 * both, zeros between them.
 */
static void put_padded(struct out *out, const struct spec *spec,
		       const char *prefix, const char *text, size_t n)
{
	size_t used = strlen(prefix) + n;
	int pad = (size_t)spec->width > used ? spec->width - (int)used : 0;
	bool zeros = spec->zero && !spec->left;

	if (!spec->left && !zeros)
		put_repeated(out, ' ', pad);
	while (*prefix)
		put(out, *prefix++);
	if (zeros)
		put_repeated(out, '0', pad);
	while (n--)
		put(out, *text++);
	if (spec->left)
		put_repeated(out, ' ', pad);
}

static void put_number(struct out *out, const struct spec *spec,
		       const char *prefix, uint64_t value, unsigned int base)
{
	const char *digits = spec->conversion == 'X' ? "0123456789ABCDEF"
						     : "0123456789abcdef";
	char text[NUMBER_MAX_CHARS];
	char *p = text + sizeof(text);

	do {
		*--p = digits[value % base];
		value /= base;
	} while (value);
	put_padded(out, spec, prefix, p, text + sizeof(text) - p);
}

static void put_string(struct out *out, struct spec *spec, const char *s)
{
	size_t max = spec->precision >= 0 ? (size_t)spec->precision : SIZE_MAX;

	if (!s)
		s = "(null)";
	spec->zero = false;
	put_padded(out, spec, "", s, strnlen(s, max));
}

static int parse_number(const char **fmt)
{
	int n = 0;

	while (**fmt >= '0' && **fmt <= '9')
		n = n * 10 + *(*fmt)++ - '0';
	return n;
}

/* @args is a pointer, so that the * of a width is taken from the caller's. */
static int parse_count(const char **fmt, va_list *args)
{
	if (**fmt != '*')
		return parse_number(fmt);
	(*fmt)++;
	return va_arg(*args, int);
}

/* Read what follows a '%', up to and including the conversion character. */
static struct spec parse_spec(const char **fmt, va_list *args)
{
	struct spec spec = { .precision = -1 };

	for (;; (*fmt)++) {
		if (**fmt == '-')
			spec.left = true;
		else if (**fmt == '0')
			spec.zero = true;
		else
			break;
	}
	spec.width = parse_count(fmt, args);
	if (spec.width < 0) {
		spec.left = true;
		spec.width = -spec.width;
	}
	if (**fmt == '.') {
		(*fmt)++;
		spec.precision = parse_count(fmt, args);
	}
	for (; **fmt == 'l' || **fmt == 'z'; (*fmt)++)
		spec.longs++;
	spec.conversion = **fmt;
	if (**fmt)
		(*fmt)++;
	return spec;
}

static int64_t take_signed(const struct spec *spec, va_list *args)
{
	return spec->longs ? va_arg(*args, long) : va_arg(*args, int);
}

static uint64_t take_unsigned(const struct spec *spec, va_list *args)
{
	return spec->longs ? va_arg(*args, unsigned long)
			   : va_arg(*args, unsigned int);
}

static void put_signed(struct out *out, const struct spec *spec, int64_t value)
{
	/* Negated as unsigned: the smallest int64_t has no positive twin. */
	if (value < 0)
		put_number(out, spec, "-", -(uint64_t)value, 10);
	else
		put_number(out, spec, "", (uint64_t)value, 10);
}

static void put_conversion(struct out *out, struct spec *spec, va_list *args)
{
	switch (spec->conversion) {
	case 'd':
	case 'i':
		put_signed(out, spec, take_signed(spec, args));
		break;
	case 'u':
		put_number(out, spec, "", take_unsigned(spec, args), 10);
		break;
	case 'x':
	case 'X':
		put_number(out, spec, "", take_unsigned(spec, args), 16);
		break;
	case 'p':
		put_number(out, spec, "0x", (uintptr_t)va_arg(*args, void *), 16);
		break;
	case 's':
		put_string(out, spec, va_arg(*args, const char *));
		break;
	case 'c':
		put_padded(out, spec, "", &(char){ va_arg(*args, int) }, 1);
		break;
	default: /* %% and what we do not know: shown, so that it is noticed */
		put(out, spec->conversion);
	}
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = { .buf = buf, .size = size };
	va_list copy;

	va_copy(copy, args); /* a va_list parameter has no address of its own */
	while (*fmt) {
		if (*fmt != '%') {
			put(&out, *fmt++);
			continue;
		}
		fmt++;
		struct spec spec = parse_spec(&fmt, &copy);

		put_conversion(&out, &spec, &copy);
	}
	va_end(copy);
	if (size)
		buf[out.length < size ? out.length : size - 1] = '\0';
	return (int)out.length;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	int n = vsnprintf(buf, size, fmt, args);

	va_end(args);
	return n;
}
