/*
 * Exact conversion from decimal to binary, for strtod(): the decimal number
 * becomes a fraction of two large integers, and long division yields as many
 * bits as are wanted, plus the knowledge whether anything is left.
 */
#include "binary.h"

#define QUOTIENT_BITS	66	/* two more than the longest mantissa */
#define FIVE_STEP	13	/* 5^13 fits into a limb */

/* A large natural number: 32-bit limbs, lowest first, the highest not 0. */
struct big {
	uint32_t *limbs;
	int n;
};

/* big = big * factor + add */
static void big_multiply_add(struct big *big, uint32_t factor, uint32_t add)
{
	uint64_t carry = add;

	for (int i = 0; i < big->n; i++) {
		carry += (uint64_t)big->limbs[i] * factor;
		big->limbs[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		big->limbs[big->n++] = (uint32_t)carry;
}

static void big_set_digits(struct big *big, const char *digits, int nr_digits)
{
	big->n = 0;
	for (int i = 0; i < nr_digits; i++)
		big_multiply_add(big, 10, (uint32_t)(digits[i] - '0'));
}

static void big_multiply_pow5(struct big *big, int exp)
{
	for (; exp >= FIVE_STEP; exp -= FIVE_STEP)
		big_multiply_add(big, 1220703125, 0);	/* 5^13 */
	for (; exp > 0; exp--)
		big_multiply_add(big, 5, 0);
}

static int big_bits(const struct big *big)
{
	return 32 * big->n - __builtin_clz(big->limbs[big->n - 1]);
}

static void big_shift_left(struct big *big, int bits)
{
	int limbs = bits / 32;
	uint32_t low = 0;

	bits %= 32;
	for (int i = big->n - 1; i >= 0; i--)
		big->limbs[i + limbs] = big->limbs[i];
	for (int i = 0; i < limbs; i++)
		big->limbs[i] = 0;
	big->n += limbs;
	for (int i = limbs; i < big->n; i++) {
		uint64_t wide = (uint64_t)big->limbs[i] << bits | low;

		big->limbs[i] = (uint32_t)wide;
		low = (uint32_t)(wide >> 32);
	}
	if (low)
		big->limbs[big->n++] = low;
}

static int big_is_less(const struct big *a, const struct big *b)
{
	if (a->n != b->n)
		return a->n < b->n;
	for (int i = a->n - 1; i >= 0; i--)
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i];
	return 0;
}

/* a -= b, where b <= a */
static void big_subtract(struct big *a, const struct big *b)
{
	int64_t borrow = 0;

	for (int i = 0; i < a->n; i++) {
		borrow += (int64_t)a->limbs[i] - (i < b->n ? b->limbs[i] : 0);
		a->limbs[i] = (uint32_t)borrow;
		borrow >>= 32;
	}
	while (a->n > 0 && a->limbs[a->n - 1] == 0)
		a->n--;
}

/*
 * The first QUOTIENT_BITS bits of num / den, the lowest set if there are more;
 * the exponent of that bit goes to @exp2. Both numbers are used up.
 */
static uint128_t divide(struct big *num, struct big *den, int *exp2)
{
	int shift = big_bits(num) - big_bits(den);
	uint128_t quotient = 0;

	if (shift > 0)
		big_shift_left(den, shift);
	else
		big_shift_left(num, -shift);
	if (big_is_less(num, den)) {	/* now 1 <= num / den < 2 */
		big_shift_left(num, 1);
		shift--;
	}
	for (int i = 0; i < QUOTIENT_BITS; i++) {
		quotient <<= 1;
		if (!big_is_less(num, den)) {
			big_subtract(num, den);
			quotient |= 1;
		}
		big_shift_left(num, 1);
	}
	*exp2 = shift - (QUOTIENT_BITS - 1);
	return quotient | (num->n > 0);
}

static int bits_of(uint128_t value)
{
	uint64_t high = (uint64_t)(value >> 64), low = (uint64_t)value;

	if (high)
		return 128 - __builtin_clzl(high);
	return low ? 64 - __builtin_clzl(low) : 0;
}

/* Shift right and round, half to even. */
static uint128_t shift_round(uint128_t mant, int drop, int *inexact)
{
	uint128_t half, rest;

	if (drop > 127) {
		*inexact = mant != 0;
		return 0;
	}
	half = (uint128_t)1 << (drop - 1);
	rest = mant & (2 * half - 1);
	*inexact = rest != 0;
	mant >>= drop;
	if (rest > half || (rest == half && (mant & 1)))
		mant++;
	return mant;
}

struct float_value __round_binary(const struct float_format *format,
				  uint128_t mant, int exp2)
{
	struct float_value value = { 0 };
	int drop = bits_of(mant) - format->mant_bits;

	if (drop < format->min_exp2 - exp2)
		drop = format->min_exp2 - exp2;	/* denormal: fewer bits */
	if (drop > 0) {
		mant = shift_round(mant, drop, &value.inexact);
		if (bits_of(mant) > format->mant_bits) {
			mant >>= 1;
			drop++;
		}
	} else {
		mant <<= -drop;
	}
	value.mant = (uint64_t)mant;
	value.exp2 = exp2 + drop;
	value.overflow = value.exp2 > format->max_exp2;
	return value;
}

struct float_value __decimal_to_binary(const struct float_format *format,
				       const char *digits, int nr_digits,
				       int point, uint32_t *limbs,
				       int max_limbs)
{
	struct big num = { .limbs = limbs };
	struct big den = { .limbs = limbs + max_limbs, .n = 1 };
	int exp10 = point - nr_digits;	/* the digits as an integer: * 10^exp10 */
	uint128_t mant;
	int exp2;

	if (point >= format->max_point)
		return (struct float_value){ .overflow = 1 };
	if (point <= format->min_point)
		return (struct float_value){ .exp2 = format->min_exp2,
					     .inexact = 1 };
	big_set_digits(&num, digits, nr_digits);
	den.limbs[0] = 1;
	if (exp10 >= 0)
		big_multiply_pow5(&num, exp10);
	else
		big_multiply_pow5(&den, -exp10);
	mant = divide(&num, &den, &exp2);
	return __round_binary(format, mant, exp2 + exp10);
}
