#pragma once

#include <stdint.h>

/*
 * The exact decimal value of a binary floating-point number:
 *
 *	0.DIGITS * 10^point		no digits: zero
 *
 * Every such number has finitely many digits, since 2 divides 10.
 */
struct decimal {
	char *digits;		/* '0' to '9', no zero in front, no NUL */
	int nr_digits;
	int point;
};

/*
 * Room for the longest: the smallest denormal number with all bits set,
 * (2^53 - 1) / 2^1074 for double, (2^64 - 1) / 2^16445 for long double. It has
 * 767 and 11515 digits; a limb holds nine.
 */
#define DOUBLE_LIMBS		87
#define LONG_DOUBLE_LIMBS	1281
#define LIMB_DIGITS		9

/*
 * Set @dec to mant * 2^exp2. @limbs is working space of one of the sizes
 * above, and dec->digits has room for LIMB_DIGITS times as many characters.
 */
void __decimal_from_binary(struct decimal *dec, uint64_t mant, int exp2,
			   uint32_t *limbs);

/*
 * Round to the first @keep digits, half to even. None may be left: then the
 * value is zero, or it was rounded up to 1 in the place before them. Zeros at
 * the end are cut off.
 */
void __decimal_round(struct decimal *dec, int keep);
