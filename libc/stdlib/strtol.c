/*
 * Text to integers. One function reads a sign and a magnitude; the public
 * ones differ in the range that their type has.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

struct parsed {
	unsigned long magnitude;	/* ULONG_MAX if it is larger */
	int negative;
	int overflow;
};

/* The value of a digit in bases up to 36, or 36 and more. */
static unsigned int digit_value(char c)
{
	if (isdigit((unsigned char)c))
		return (unsigned int)(c - '0');
	if (isalpha((unsigned char)c))
		return (unsigned int)(tolower((unsigned char)c) - 'a' + 10);
	return UINT_MAX;
}

/* Is a hexadecimal prefix here, with a digit behind it? */
static int has_hex_prefix(const char *str)
{
	return str[0] == '0' && (str[1] | 0x20) == 'x' &&
	       digit_value(str[2]) < 16;
}

/* Decide on a base that was given as 0, and skip its prefix. */
static const char *skip_prefix(const char *str, unsigned int *base)
{
	if ((*base == 0 || *base == 16) && has_hex_prefix(str)) {
		*base = 16;
		return str + 2;
	}
	if (*base == 0)
		*base = *str == '0' ? 8 : 10;
	return str;
}

/* *@end becomes the first byte that is not part of the number. */
static struct parsed parse(const char *str, char **end, int wanted_base)
{
	unsigned int base = (unsigned int)wanted_base;
	struct parsed num = { 0 };
	const char *start = str;
	const char *digits;
	unsigned int digit;

	if (end)
		*end = (char *)start;
	if (wanted_base < 0 || wanted_base == 1 || wanted_base > 36) {
		errno = EINVAL;
		return num;
	}
	while (isspace((unsigned char)*str))
		str++;
	num.negative = *str == '-';
	if (*str == '-' || *str == '+')
		str++;
	digits = str = skip_prefix(str, &base);
	for (; (digit = digit_value(*str)) < base; str++) {
		num.overflow |= __builtin_mul_overflow(num.magnitude, base,
						       &num.magnitude);
		num.overflow |= __builtin_add_overflow(num.magnitude, digit,
						       &num.magnitude);
	}
	if (num.overflow)
		num.magnitude = ULONG_MAX;
	if (end && str > digits)
		*end = (char *)str;
	return num;
}

long strtol(const char *restrict str, char **restrict end, int base)
{
	struct parsed num = parse(str, end, base);
	unsigned long limit = (unsigned long)LONG_MAX + (num.negative ? 1 : 0);

	if (num.magnitude > limit) {
		errno = ERANGE;
		return num.negative ? LONG_MIN : LONG_MAX;
	}
	return (long)(num.negative ? -num.magnitude : num.magnitude);
}

/* A minus sign is allowed and negates, as the standard has it. */
unsigned long strtoul(const char *restrict str, char **restrict end, int base)
{
	struct parsed num = parse(str, end, base);

	if (num.overflow) {
		errno = ERANGE;
		return ULONG_MAX;
	}
	return num.negative ? -num.magnitude : num.magnitude;
}

long long strtoll(const char *restrict str, char **restrict end, int base)
{
	return strtol(str, end, base);
}

unsigned long long strtoull(const char *restrict str, char **restrict end,
			    int base)
{
	return strtoul(str, end, base);
}

intmax_t strtoimax(const char *restrict str, char **restrict end, int base)
{
	return strtol(str, end, base);
}

uintmax_t strtoumax(const char *restrict str, char **restrict end, int base)
{
	return strtoul(str, end, base);
}

int atoi(const char *str)
{
	return (int)strtol(str, NULL, 10);
}

long atol(const char *str)
{
	return strtol(str, NULL, 10);
}

long long atoll(const char *str)
{
	return strtol(str, NULL, 10);
}
