/*
 * Floating point: %e %f %g from exact decimal digits, %a from the bits. What
 * is printed is the correctly rounded value, whatever the precision.
 */
#include "format_spec.h"

#include <stddef.h>
#include <string.h>

#include "decimal.h"

#define DEFAULT_PRECISION	6
#define EXPONENT_MAX		8	/* "p-16445" and one to spare */

/*
 * More digits than any number has. A larger precision rounds nothing, and
 * sums with it cannot overflow an int.
 */
#define PRECISION_CLAMP		100000

enum float_kind {
	FLOAT_FINITE,
	FLOAT_INFINITE,
	FLOAT_NAN,
};

/* A number taken apart: (-1)^negative * mant * 2^exp2 */
struct float_parts {
	enum float_kind kind;
	int negative;
	uint64_t mant;
	int exp2;
	int frac_nibbles;	/* hex digits of mant that %a has after the point */
};

static int is_upper(const struct format_spec *spec)
{
	return spec->conv >= 'A' && spec->conv <= 'Z';
}

/* Does a point follow the first digits? */
static size_t point_len(const struct format_spec *spec, long precision)
{
	return precision > 0 || (spec->flags & FLAG_ALT);
}

/* A sign and at least @min_digits of @exp behind @letter; returns the length. */
static size_t exponent_text(char dst[EXPONENT_MAX], char letter, int exp,
			    int min_digits)
{
	int magnitude = exp < 0 ? -exp : exp;
	int divisor = 1;
	char *pos = dst;

	while (--min_digits > 0 || magnitude / divisor >= 10)
		divisor *= 10;
	*pos++ = letter;
	*pos++ = exp < 0 ? '-' : '+';
	for (; divisor; divisor /= 10)
		*pos++ = (char)('0' + magnitude / divisor % 10);
	return (size_t)(pos - dst);
}

/* ---- %e %f %g ---- */

/* Digits [first, first + n) of the number; where it has none, zeros. */
static void put_digits(struct format_out *out, const struct decimal *dec,
		       long first, long n)
{
	long zeros = first < 0 ? -first : 0;
	long part;

	if (zeros > n)
		zeros = n;
	__format_repeat(out, '0', (size_t)zeros);
	first += zeros;
	n -= zeros;
	part = dec->nr_digits - first;
	if (part > n)
		part = n;
	if (part > 0) {
		__format_text(out, dec->digits + first, (size_t)part);
		n -= part;
	}
	__format_repeat(out, '0', (size_t)n);
}

static void put_fixed(struct format_out *out, const struct format_spec *spec,
		      const char *prefix, const struct decimal *dec,
		      long precision)
{
	long int_digits = dec->point > 0 ? dec->point : 1;
	size_t dot = point_len(spec, precision);
	size_t len = (size_t)int_digits + dot + (size_t)precision;

	__format_field_begin(out, spec, prefix, len);
	put_digits(out, dec, dec->point - int_digits, int_digits);
	__format_text(out, ".", dot);
	put_digits(out, dec, dec->point, precision);
	__format_field_end(out, spec, prefix, len);
}

static void put_exponential(struct format_out *out,
			    const struct format_spec *spec, const char *prefix,
			    const struct decimal *dec, long precision)
{
	char exp[EXPONENT_MAX];
	size_t exp_len = exponent_text(exp, is_upper(spec) ? 'E' : 'e',
				       dec->point - 1, 2);
	size_t dot = point_len(spec, precision);
	size_t len = 1 + dot + (size_t)precision + exp_len;

	__format_field_begin(out, spec, prefix, len);
	put_digits(out, dec, 0, 1);
	__format_text(out, ".", dot);
	put_digits(out, dec, 1, precision);
	__format_text(out, exp, exp_len);
	__format_field_end(out, spec, prefix, len);
}

/* How many digits to round to. */
static int clamp(int precision)
{
	return precision < PRECISION_CLAMP ? precision : PRECISION_CLAMP;
}

/*
 * %g: the precision counts significant digits. Numbers that are very large or
 * below 10^-4 get an exponent; zeros at the end are only shown under '#'.
 */
static void format_general(struct format_out *out,
			   const struct format_spec *spec, const char *prefix,
			   struct decimal *dec)
{
	long digits = spec->precision ? spec->precision : 1;
	int exp;

	__decimal_round(dec, clamp((int)digits));
	exp = dec->point - 1;
	if (exp < -4 || exp >= digits) {
		if (!(spec->flags & FLAG_ALT))
			digits = dec->nr_digits;
		put_exponential(out, spec, prefix, dec, digits - 1);
		return;
	}
	if (!(spec->flags & FLAG_ALT))
		digits = dec->nr_digits > dec->point ? dec->nr_digits
						     : dec->point;
	put_fixed(out, spec, prefix, dec, digits - dec->point);
}

static void format_decimal(struct format_out *out,
			   const struct format_spec *spec, const char *prefix,
			   struct decimal *dec)
{
	switch (spec->conv | 0x20) {
	case 'f':
		__decimal_round(dec, dec->point + clamp(spec->precision));
		put_fixed(out, spec, prefix, dec, spec->precision);
		break;
	case 'e':
		__decimal_round(dec, clamp(spec->precision) + 1);
		put_exponential(out, spec, prefix, dec, spec->precision);
		break;
	default:
		format_general(out, spec, prefix, dec);
	}
}

/* ---- %a ---- */

/* Round mant to @keep hex digits after the point, half to even. */
static void round_nibbles(struct float_parts *parts, int keep)
{
	int drop = 4 * (parts->frac_nibbles - keep);
	uint64_t unit, rest;

	if (drop <= 0)
		return;
	unit = 1UL << drop;
	rest = parts->mant & (unit - 1);
	parts->mant >>= drop;
	parts->frac_nibbles = keep;
	if (rest > unit / 2 || (rest == unit / 2 && (parts->mant & 1)))
		parts->mant++;
	parts->exp2 += drop;
	/* A lead digit of f became 10; only long double has such ones. */
	if (parts->mant >> 4 * keep > 0xf) {
		parts->mant >>= 4;
		parts->exp2 += 4;
	}
}

/* The prefix is the sign and 0x, so that zeros of padding stand behind it. */
static void format_hex(struct format_out *out, const struct format_spec *spec,
		       const char *sign, struct float_parts *parts)
{
	const char *digits = is_upper(spec) ? "0123456789ABCDEF"
					    : "0123456789abcdef";
	char prefix[4], exp[EXPONENT_MAX], mant[17];
	long precision = spec->precision;
	size_t exp_len, dot, len;
	int is_zero = parts->mant == 0;
	int nibbles;

	strcpy(prefix, sign);
	strcat(prefix, is_upper(spec) ? "0X" : "0x");
	if (precision >= 0 && precision < parts->frac_nibbles)
		round_nibbles(parts, (int)precision);
	nibbles = parts->frac_nibbles;
	exp_len = exponent_text(exp, is_upper(spec) ? 'P' : 'p',
				is_zero ? 0 : parts->exp2 + 4 * nibbles, 1);
	for (int i = nibbles; i >= 0; i--, parts->mant >>= 4)
		mant[i] = digits[parts->mant & 0xf];
	if (precision < 0) {
		while (nibbles > 0 && mant[nibbles] == '0')
			nibbles--;
		precision = nibbles;
	}
	dot = point_len(spec, precision);
	len = 1 + dot + (size_t)precision + exp_len;
	__format_field_begin(out, spec, prefix, len);
	__format_text(out, mant, 1);
	__format_text(out, ".", dot);
	__format_text(out, mant + 1, (size_t)nibbles);
	__format_repeat(out, '0', (size_t)(precision - nibbles));
	__format_text(out, exp, exp_len);
	__format_field_end(out, spec, prefix, len);
}

/* ---- all of them ---- */

static void format_special(struct format_out *out, struct format_spec *spec,
			   const char *sign, enum float_kind kind)
{
	const char *lower = kind == FLOAT_NAN ? "nan" : "inf";
	const char *upper = kind == FLOAT_NAN ? "NAN" : "INF";

	spec->flags &= ~(unsigned int)FLAG_ZERO;
	__format_field_begin(out, spec, sign, 3);
	__format_text(out, is_upper(spec) ? upper : lower, 3);
	__format_field_end(out, spec, sign, 3);
}

/* @limbs and @digits: working space as decimal.h says. */
static void format_parts(struct format_out *out, struct format_spec *spec,
			 struct float_parts *parts, uint32_t *limbs,
			 char *digits)
{
	const char *sign = __format_sign(spec, parts->negative);
	struct decimal dec = { .digits = digits };

	if (parts->kind != FLOAT_FINITE) {
		format_special(out, spec, sign, parts->kind);
		return;
	}
	if ((spec->conv | 0x20) == 'a') {
		format_hex(out, spec, sign, parts);
		return;
	}
	if (spec->precision < 0)
		spec->precision = DEFAULT_PRECISION;
	__decimal_from_binary(&dec, parts->mant, parts->exp2, limbs);
	format_decimal(out, spec, sign, &dec);
}

/* sign 1 | exponent 11, biased by 1023 | fraction 52; the leading 1 is hidden */
void __format_double(struct format_out *out, struct format_spec *spec,
		     double value)
{
	uint32_t limbs[DOUBLE_LIMBS];
	char digits[DOUBLE_LIMBS * LIMB_DIGITS];
	struct float_parts parts = { .frac_nibbles = 13 };
	uint64_t bits;
	int exp;

	memcpy(&bits, &value, sizeof(bits));
	exp = (int)(bits >> 52 & 0x7ff);
	parts.negative = (int)(bits >> 63);
	parts.mant = bits & ((1UL << 52) - 1);
	if (exp == 0x7ff)
		parts.kind = parts.mant ? FLOAT_NAN : FLOAT_INFINITE;
	else if (exp == 0)
		exp = 1;	/* denormal: no hidden bit */
	else
		parts.mant |= 1UL << 52;
	parts.exp2 = exp - 1023 - 52;
	format_parts(out, spec, &parts, limbs, digits);
}

/* sign 1 | exponent 15, biased by 16383 | mantissa 64 with its leading 1 */
void __format_long_double(struct format_out *out, struct format_spec *spec,
			  long double value)
{
	uint32_t limbs[LONG_DOUBLE_LIMBS];
	char digits[LONG_DOUBLE_LIMBS * LIMB_DIGITS];
	struct float_parts parts = { .frac_nibbles = 15 };
	uint16_t sign_exp;
	int exp;

	memcpy(&parts.mant, &value, sizeof(parts.mant));
	memcpy(&sign_exp, (char *)&value + sizeof(parts.mant),
	       sizeof(sign_exp));
	exp = sign_exp & 0x7fff;
	parts.negative = sign_exp >> 15;
	if (exp == 0x7fff)
		parts.kind = parts.mant << 1 ? FLOAT_NAN : FLOAT_INFINITE;
	parts.exp2 = (exp ? exp : 1) - 16383 - 63;
	format_parts(out, spec, &parts, limbs, digits);
}
