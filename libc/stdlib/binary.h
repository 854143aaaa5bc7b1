#pragma once

#include <stdint.h>

/* A binary floating-point format: what rounding to it needs to know. */
struct float_format {
	int mant_bits;		/* with the leading 1 */
	int min_exp2;		/* exponent of the last bit, at least */
	int max_exp2;		/* and at most */
	int min_point;		/* 0.1 * 10^min_point rounds to zero, */
	int max_point;		/* 0.1 * 10^max_point is too large */
};

/* A rounded magnitude, mant * 2^exp2; mant is below 2^mant_bits. */
struct float_value {
	uint64_t mant;
	int exp2;
	int overflow;		/* too large: nothing else is set */
	int inexact;
};

typedef unsigned __int128 uint128_t;

/*
 * Decimal digits that can make a difference: those of a number halfway
 * between two neighbours, and one more to tell that there were others. Then
 * the 32-bit limbs that such a number, or the power of five it is divided by,
 * takes; twice as many are needed.
 */
#define DOUBLE_DIGITS		772
#define DOUBLE_LIMBS		84
#define LONG_DOUBLE_DIGITS	11520
#define LONG_DOUBLE_LIMBS	1202

/*
 * Round @mant * 2^@exp2 to @format, half to even. If bits were cut off below,
 * the lowest bit of @mant is set, and there are at least 66 bits.
 */
struct float_value __round_binary(const struct float_format *format,
				  uint128_t mant, int exp2);

/*
 * Round the decimal number 0.DIGITS * 10^@point; the digits are '0' to '9',
 * the first is not '0'. @limbs is space for two times @max_limbs.
 */
struct float_value __decimal_to_binary(const struct float_format *format,
				       const char *digits, int nr_digits,
				       int point, uint32_t *limbs,
				       int max_limbs);
