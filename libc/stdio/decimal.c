/* Exact conversion from binary to decimal, for printf. */
#include "decimal.h"

#define LIMB_BASE	1000000000U	/* 10^LIMB_DIGITS */
#define TWO_STEP	31		/* powers that fit into 32 bits */
#define FIVE_STEP	13

/* A large natural number: limbs of nine decimal digits, lowest first. */
struct big {
	uint32_t *limbs;
	int n;
};

static void big_multiply(struct big *big, uint32_t factor)
{
	uint64_t carry = 0;

	for (int i = 0; i < big->n; i++) {
		carry += (uint64_t)big->limbs[i] * factor;
		big->limbs[i] = (uint32_t)(carry % LIMB_BASE);
		carry /= LIMB_BASE;
	}
	for (; carry; carry /= LIMB_BASE)
		big->limbs[big->n++] = (uint32_t)(carry % LIMB_BASE);
}

static void big_set(struct big *big, uint64_t value)
{
	for (big->n = 0; value; value /= LIMB_BASE)
		big->limbs[big->n++] = (uint32_t)(value % LIMB_BASE);
}

static void big_multiply_pow2(struct big *big, int exp)
{
	for (; exp > TWO_STEP; exp -= TWO_STEP)
		big_multiply(big, 1U << TWO_STEP);
	big_multiply(big, 1U << exp);
}

static void big_multiply_pow5(struct big *big, int exp)
{
	uint32_t factor = 1;

	for (; exp >= FIVE_STEP; exp -= FIVE_STEP)
		big_multiply(big, 1220703125);	/* 5^13 */
	for (; exp > 0; exp--)
		factor *= 5;
	big_multiply(big, factor);
}

/* All digits, and then none of the zeros in front. */
static void big_digits(const struct big *big, struct decimal *dec)
{
	char *pos = dec->digits;
	char *skip;

	for (int i = big->n - 1; i >= 0; i--, pos += LIMB_DIGITS) {
		uint32_t limb = big->limbs[i];

		for (int k = LIMB_DIGITS - 1; k >= 0; k--, limb /= 10)
			pos[k] = (char)('0' + limb % 10);
	}
	for (skip = dec->digits; skip < pos && *skip == '0'; skip++)
		;
	dec->digits = skip;
	dec->nr_digits = (int)(pos - skip);
}

void __decimal_from_binary(struct decimal *dec, uint64_t mant, int exp2,
			   uint32_t *limbs)
{
	struct big big = { .limbs = limbs };

	if (mant == 0) {
		dec->nr_digits = 0;
		dec->point = 1;		/* as 1 has: no exponent is shown */
		return;
	}
	/* Fewer factors below: 0.5 is 1 * 5 / 10, found at once. */
	exp2 += __builtin_ctzl(mant);
	mant >>= __builtin_ctzl(mant);
	big_set(&big, mant);
	if (exp2 >= 0)
		big_multiply_pow2(&big, exp2);
	else
		big_multiply_pow5(&big, -exp2);	/* m / 2^n = m * 5^n / 10^n */
	big_digits(&big, dec);
	dec->point = dec->nr_digits + (exp2 < 0 ? exp2 : 0);
}

/*
 * Is what follows the first @keep digits more than half a unit, or a tie that
 * an odd digit before it turns upwards?
 */
static int rounds_up(const struct decimal *dec, int keep)
{
	char next = dec->digits[keep];

	if (next != '5')
		return next > '5';
	for (int i = keep + 1; i < dec->nr_digits; i++)
		if (dec->digits[i] != '0')
			return 1;
	return keep > 0 && (dec->digits[keep - 1] - '0') % 2;
}

/* Add one unit in the last of @n digits. Nines become zeros, thus cut off. */
static void increment(struct decimal *dec, int n)
{
	while (n > 0 && dec->digits[n - 1] == '9')
		n--;
	if (n > 0) {
		dec->digits[n - 1]++;
	} else {
		dec->digits[0] = '1';
		dec->point++;
		n = 1;
	}
	dec->nr_digits = n;
}

void __decimal_round(struct decimal *dec, int keep)
{
	if (keep >= 0 && keep < dec->nr_digits && rounds_up(dec, keep))
		increment(dec, keep);
	else if (keep < dec->nr_digits)
		dec->nr_digits = keep > 0 ? keep : 0;
	while (dec->nr_digits > 0 && dec->digits[dec->nr_digits - 1] == '0')
		dec->nr_digits--;
}
