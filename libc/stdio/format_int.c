/* Integers: %d %i %u %o %x %X. */
#include "format_spec.h"

#include <limits.h>
#include <string.h>

/* The longest is octal: 3 bits a digit. */
#define DIGITS_MAX	((sizeof(uintmax_t) * CHAR_BIT + 2) / 3)

/* The digits of @value end before @end; none for 0. Returns the first. */
static char *digits_before(char *end, uintmax_t value, char conv)
{
	const char *digits = conv == 'X' ? "0123456789ABCDEF"
					 : "0123456789abcdef";

	/* Constant divisors: the compiler divides by multiplying, or shifts. */
	switch (conv) {
	case 'x':
	case 'X':
		for (; value; value /= 16)
			*--end = digits[value % 16];
		break;
	case 'o':
		for (; value; value /= 8)
			*--end = digits[value % 8];
		break;
	default:
		for (; value; value /= 10)
			*--end = digits[value % 10];
	}
	return end;
}

/*
 * The precision is a least number of digits (1 unless given), and takes the
 * 0 flag's effect away. Zero at precision 0 has no digit at all.
 */
static void format_digits(struct format_out *out, struct format_spec *spec,
			  const char *prefix, uintmax_t value)
{
	char buf[DIGITS_MAX];
	char *end = buf + sizeof(buf);
	char *first = digits_before(end, value, spec->conv);
	size_t nr_digits = (size_t)(end - first);
	size_t zeros = 0;

	if (spec->precision >= 0)
		spec->flags &= ~(unsigned int)FLAG_ZERO;
	else
		spec->precision = 1;
	if ((size_t)spec->precision > nr_digits)
		zeros = (size_t)spec->precision - nr_digits;
	if (spec->conv == 'o' && (spec->flags & FLAG_ALT) && zeros == 0)
		zeros = 1;
	__format_field_begin(out, spec, prefix, zeros + nr_digits);
	__format_repeat(out, '0', zeros);
	__format_text(out, first, nr_digits);
	__format_field_end(out, spec, prefix, zeros + nr_digits);
}

void __format_signed(struct format_out *out, struct format_spec *spec,
		     intmax_t value)
{
	/* Negated as unsigned, INTMAX_MIN is no special case. */
	uintmax_t magnitude = value < 0 ? -(uintmax_t)value : (uintmax_t)value;

	format_digits(out, spec, __format_sign(spec, value < 0), magnitude);
}

void __format_unsigned(struct format_out *out, struct format_spec *spec,
		       uintmax_t value)
{
	const char *prefix = "";

	if ((spec->flags & FLAG_ALT) && value && spec->conv == 'x')
		prefix = "0x";
	if ((spec->flags & FLAG_ALT) && value && spec->conv == 'X')
		prefix = "0X";
	format_digits(out, spec, prefix, value);
}
