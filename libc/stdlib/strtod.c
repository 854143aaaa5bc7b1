/*
 * Text to floating point, correctly rounded: decimal, hexadecimal, infinity
 * and NaN. One parser serves the three types, which differ in their format
 * and in how much working space the longest number takes.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "binary.h"

static const struct float_format float_format = {
	.mant_bits = 24, .min_exp2 = -149, .max_exp2 = 104,
	.min_point = -46, .max_point = 40,
};

static const struct float_format double_format = {
	.mant_bits = 53, .min_exp2 = -1074, .max_exp2 = 971,
	.min_point = -324, .max_point = 310,
};

static const struct float_format long_double_format = {
	.mant_bits = 64, .min_exp2 = -16445, .max_exp2 = 16320,
	.min_point = -4951, .max_point = 4934,
};

/* Exponents beyond any format's; sums with them stay in an int. */
#define EXPONENT_CLAMP	(INT_MAX / 4)

/* Working space of one conversion. */
struct space {
	char *digits;
	int max_digits;		/* the last one stands for all that follow */
	uint32_t *limbs;
	int max_limbs;
};

enum number_kind {
	NUMBER_NONE,
	NUMBER_FINITE,
	NUMBER_INFINITE,
	NUMBER_NAN,
};

struct number {
	enum number_kind kind;
	int negative;
	struct float_value value;
};

/* An exponent behind @letter, if there is one: 0 if not, *str behind it. */
static int parse_exponent(const char **str, char letter)
{
	const char *pos = *str;
	int negative;
	int exp = 0;

	if ((*pos | 0x20) != letter)
		return 0;
	pos++;
	negative = *pos == '-';
	if (*pos == '-' || *pos == '+')
		pos++;
	if (!isdigit((unsigned char)*pos))
		return 0;
	for (; isdigit((unsigned char)*pos); pos++)
		if (exp < EXPONENT_CLAMP / 10)
			exp = exp * 10 + (*pos - '0');
	*str = pos;
	return negative ? -exp : exp;
}

/* Digits of a decimal number as they are read. */
struct digit_reader {
	struct space *space;
	int nr_digits;		/* stored: none of the zeros in front */
	int point;		/* as in 0.DIGITS * 10^point */
	int any;		/* was there a digit at all? */
};

static void add_digit(struct digit_reader *r, char digit, int behind_point)
{
	int max = r->space->max_digits;

	r->any = 1;
	if (r->nr_digits == 0 && digit == '0') {
		if (behind_point && r->point > -EXPONENT_CLAMP)
			r->point--;
		return;
	}
	if (!behind_point && r->point < EXPONENT_CLAMP)
		r->point++;
	if (r->nr_digits < max)
		r->space->digits[r->nr_digits++] = digit;
	else if (digit != '0')
		r->space->digits[max - 1] = '1';	/* there is more */
}

static struct float_value convert(const struct float_format *format,
				  const struct digit_reader *r, int exp10)
{
	int n = r->nr_digits;

	/* Zeros at the end would only make the integers larger. */
	while (n > 0 && r->space->digits[n - 1] == '0')
		n--;
	if (n == 0)
		return (struct float_value){ .exp2 = format->min_exp2 };
	return __decimal_to_binary(format, r->space->digits, n,
				   r->point + exp10, r->space->limbs,
				   r->space->max_limbs);
}

static int parse_decimal(const char **str, const struct float_format *format,
			 struct space *space, struct float_value *value)
{
	struct digit_reader r = { .space = space };
	const char *pos = *str;

	for (; isdigit((unsigned char)*pos); pos++)
		add_digit(&r, *pos, 0);
	if (*pos == '.')
		for (pos++; isdigit((unsigned char)*pos); pos++)
			add_digit(&r, *pos, 1);
	if (!r.any)
		return 0;
	*value = convert(format, &r, parse_exponent(&pos, 'e'));
	*str = pos;
	return 1;
}

static int hex_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return isxdigit((unsigned char)c) ? (c | 0x20) - 'a' + 10 : -1;
}

/* 31 digits are exact; of further ones only whether all are zero matters. */
static int parse_hex(const char **str, const struct float_format *format,
		     struct float_value *value)
{
	const char *pos = *str + 2;
	int any = 0, behind_point = 0;
	uint128_t mant = 0;
	int exp2 = 0;
	int digit;

	for (;; pos++) {
		if (*pos == '.' && !behind_point) {
			behind_point = 1;
			continue;
		}
		digit = hex_value(*pos);
		if (digit < 0)
			break;
		any = 1;
		if (mant >> 120) {
			mant |= digit != 0;
			exp2 += behind_point ? 0 : 4;
		} else {
			mant = mant << 4 | (unsigned int)digit;
			exp2 -= behind_point ? 4 : 0;
		}
	}
	if (!any)
		return 0;
	exp2 += parse_exponent(&pos, 'p');
	*value = __round_binary(format, mant, mant ? exp2 : format->min_exp2);
	*str = pos;
	return 1;
}

/* "(chars)" may follow "nan"; it says nothing here. */
static const char *skip_nan_chars(const char *pos)
{
	const char *end = pos;

	if (*end++ != '(')
		return pos;
	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	return *end == ')' ? end + 1 : pos;
}

static enum number_kind parse_magnitude(const char **str,
					const struct float_format *format,
					struct space *space,
					struct float_value *value)
{
	if (strncasecmp(*str, "inf", 3) == 0) {
		*str += strncasecmp(*str, "infinity", 8) == 0 ? 8 : 3;
		return NUMBER_INFINITE;
	}
	if (strncasecmp(*str, "nan", 3) == 0) {
		*str = skip_nan_chars(*str + 3);
		return NUMBER_NAN;
	}
	if ((*str)[0] == '0' && ((*str)[1] | 0x20) == 'x' &&
	    parse_hex(str, format, value))
		return NUMBER_FINITE;
	if (parse_decimal(str, format, space, value))
		return NUMBER_FINITE;
	return NUMBER_NONE;
}

static struct number parse(const char *str, char **end,
			   const struct float_format *format,
			   struct space *space)
{
	struct number number = { NUMBER_NONE };
	const char *pos = str;

	while (isspace((unsigned char)*pos))
		pos++;
	number.negative = *pos == '-';
	if (*pos == '-' || *pos == '+')
		pos++;
	number.kind = parse_magnitude(&pos, format, space, &number.value);
	if (number.kind == NUMBER_NONE) {
		number.negative = 0;
		pos = str;
	}
	if (end)
		*end = (char *)pos;
	if (number.kind == NUMBER_FINITE) {
		int tiny = number.value.mant >> (format->mant_bits - 1) == 0;

		if (number.value.overflow || (tiny && number.value.inexact))
			errno = ERANGE;
		if (number.value.overflow)
			number.kind = NUMBER_INFINITE;
	}
	return number;
}

/*
 * The bits of a float or double above its mantissa field. A denormal number
 * has exponent 0 there; a normal one's hidden bit adds the missing 1.
 */
static uint64_t assemble(const struct number *number,
			 const struct float_format *format)
{
	uint64_t exp = (uint64_t)(number->value.exp2 - format->min_exp2);

	return (exp << (format->mant_bits - 1)) + number->value.mant;
}

float strtof(const char *restrict str, char **restrict end)
{
	char digits[DOUBLE_DIGITS];
	uint32_t limbs[2 * DOUBLE_LIMBS];
	struct space space = { digits, DOUBLE_DIGITS, limbs, DOUBLE_LIMBS };
	struct number number = parse(str, end, &float_format, &space);
	float result = 0;
	uint32_t bits;

	if (number.kind == NUMBER_FINITE) {
		bits = (uint32_t)assemble(&number, &float_format);
		memcpy(&result, &bits, sizeof(result));
	} else if (number.kind == NUMBER_INFINITE) {
		result = __builtin_inff();
	} else if (number.kind == NUMBER_NAN) {
		result = __builtin_nanf("");
	}
	return number.negative ? -result : result;
}

double strtod(const char *restrict str, char **restrict end)
{
	char digits[DOUBLE_DIGITS];
	uint32_t limbs[2 * DOUBLE_LIMBS];
	struct space space = { digits, DOUBLE_DIGITS, limbs, DOUBLE_LIMBS };
	struct number number = parse(str, end, &double_format, &space);
	double result = 0;
	uint64_t bits;

	if (number.kind == NUMBER_FINITE) {
		bits = assemble(&number, &double_format);
		memcpy(&result, &bits, sizeof(result));
	} else if (number.kind == NUMBER_INFINITE) {
		result = __builtin_inf();
	} else if (number.kind == NUMBER_NAN) {
		result = __builtin_nan("");
	}
	return number.negative ? -result : result;
}

/* The mantissa shows its leading 1, so the exponent field is separate. */
long double strtold(const char *restrict str, char **restrict end)
{
	char digits[LONG_DOUBLE_DIGITS];
	uint32_t limbs[2 * LONG_DOUBLE_LIMBS];
	struct space space = { digits, LONG_DOUBLE_DIGITS, limbs,
			       LONG_DOUBLE_LIMBS };
	struct number number = parse(str, end, &long_double_format, &space);
	struct float_value *value = &number.value;
	long double result = 0;
	uint16_t exp;

	if (number.kind == NUMBER_FINITE) {
		exp = (uint16_t)(value->exp2 - long_double_format.min_exp2);
		exp = (uint16_t)(exp + (value->mant >> 63));
		memcpy(&result, &value->mant, sizeof(value->mant));
		memcpy((char *)&result + sizeof(value->mant), &exp,
		       sizeof(exp));
	} else if (number.kind == NUMBER_INFINITE) {
		result = __builtin_infl();
	} else if (number.kind == NUMBER_NAN) {
		result = __builtin_nanl("");
	}
	return number.negative ? -result : result;
}

double atof(const char *str)
{
	return strtod(str, NULL);
}
