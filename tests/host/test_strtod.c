// build: libc/stdlib/binary.c -idirafter kernel/include
/*
 * strtod() and its brothers against the build machine's, bit for bit: a
 * program that reads a number must get the nearest one. Random numbers are
 * printed with many digits and with few, halfway cases and long tails among
 * them. `test_strtod SEED [ROUNDS]` repeats a run.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define strtof fl_strtof
#define strtod fl_strtod
#define strtold fl_strtold
#define atof fl_atof
#include "../../libc/stdlib/strtod.c"
#undef strtof
#undef strtod
#undef strtold
#undef atof

#define ROUNDS_DEFAULT	100000

static int nr_failed;

static void fail(const char *name, const char *text, long double got,
		 long double want, long got_len, long want_len)
{
	nr_failed++;
	printf("FAIL %s: got %La %ld, want %La %ld (\"%.300s\")\n", name, got,
	       got_len, want, want_len, text);
}

static void check_double(const char *text)
{
	char *got_end, *want_end;
	int got_errno, want_errno;
	double got, want;

	errno = 0;
	got = fl_strtod(text, &got_end);
	got_errno = errno;
	errno = 0;
	want = strtod(text, &want_end);
	want_errno = errno;
	if (memcmp(&got, &want, sizeof(got)) != 0 || got_end != want_end)
		fail("strtod", text, got, want, got_end - text,
		     want_end - text);
	else if (got_errno != want_errno)
		fail("strtod errno", text, got, want, got_errno, want_errno);
}

static void check_float(const char *text)
{
	char *got_end, *want_end;
	float got = fl_strtof(text, &got_end);
	float want = strtof(text, &want_end);

	if (memcmp(&got, &want, sizeof(got)) != 0 || got_end != want_end)
		fail("strtof", text, got, want, got_end - text,
		     want_end - text);
}

static void check_long_double(const char *text)
{
	char *got_end, *want_end;
	long double got = fl_strtold(text, &got_end);
	long double want = strtold(text, &want_end);

	if (memcmp(&got, &want, 10) != 0 || got_end != want_end)
		fail("strtold", text, got, want, got_end - text,
		     want_end - text);
}

static void check(const char *text)
{
	check_double(text);
	check_float(text);
	check_long_double(text);
}

static void test_fixed(void)
{
	static const char *const texts[] = {
		"", " ", "+", "-", ".", "e5", "0", "-0", "1", "  +1.5x", "1e",
		"1e+", "1e5", "1E-5", ".5", "5.", "5.e1", "0x", "0x.", "0x1",
		"0x1p", "0x1p-1", "0x.8p1", "0xg", "-0x1.8p3z", "0x1p99999999999",
		"0x1p-99999999999", "inf", "-INFINITY", "infinit", "nan",
		"-nan(abc)", "nan(", "nan(a b)", "1e308", "1.8e308", "1e309",
		"1e-323", "2e-324", "2.5e-324", "1e-400", "1e999999999999",
		"0e999999999999", "1e-999999999999", "2.2250738585072011e-308",
		"9007199254740993", "9007199254740992.99999999999999999999999",
		"0.000000000000000000000000000000000000000000001",
		"100000000000000000000000000000000000000000000",
		"1.7976931348623158e308", "1.7976931348623159e308",
		"3.4028235677973366e38", "1.4e-45", "7e-46", "1.18e4932",
		"1.2e4932", "3.6e-4951", "1.8e-4951", "1e-4952",
		"0x1.00000000000008p0", "0x1.000000000000080000000000000001p0",
		"0x0.0000000000000000000000000000000000000000001p0",
		"0x123456789abcdef0123456789abcdef0123456789abcdef",
		"0x1.fffffffffffff8p1023", "0x1.fffffffffffff7p1023",
		"0x0.8p-1074", "0x0.80000000000000001p-1074",
	};
	int before = nr_failed;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(texts[i]);
	if (nr_failed == before)
		printf("PASS strtod_fixed_as_host\n");
}

static uint64_t random_state;

static uint64_t random_u64(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static unsigned int below(unsigned int n)
{
	return (unsigned int)(random_u64() % n);
}

/* The exact middle between two doubles, then maybe a bit more or less. */
static void halfway_text(char *text, size_t size)
{
	uint64_t bits = random_u64() & ~(1UL << 63);
	double low, high;
	size_t len;

	if (below(3) == 0)
		bits >>= 12;	/* denormal */
	memcpy(&low, &bits, sizeof(low));
	bits++;
	memcpy(&high, &bits, sizeof(high));
	snprintf(text, size, "%.1100Lg",
		 ((long double)low + (long double)high) / 2);
	len = strcspn(text, "e");
	if (below(2) && len == strlen(text) && strchr(text, '.'))
		strcpy(text + len, below(2) ? "00000000000000000001" : "0");
}

static void random_text(char *text, size_t size)
{
	uint64_t bits = random_u64();
	double value;
	size_t n = 0;

	memcpy(&value, &bits, sizeof(value));
	switch (below(5)) {
	case 0:
		snprintf(text, size, "%.*g", (int)below(30), value);
		break;
	case 1:
		snprintf(text, size, "%.*a", (int)below(30), value);
		break;
	case 2:
		halfway_text(text, size);
		break;
	case 3:
		snprintf(text, size, "%lu.%lue%d",
			 random_u64() >> below(64), random_u64() >> below(64),
			 (int)below(100) - 50);
		break;
	default:
		for (unsigned int len = below(1500); n < len; n++)
			text[n] = (char)('0' + below(10));
		if (n)
			text[below((unsigned int)n)] = '.';
		snprintf(text + n, size - n, "e%d", (int)below(2400) - 1600);
	}
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0)
				 : (uint64_t)time(NULL);
	long rounds = argc > 2 ? atol(argv[2]) : ROUNDS_DEFAULT;
	static char text[4096];
	int before;

	test_fixed();
	before = nr_failed;
	random_state = seed;
	for (long i = 0; i < rounds && nr_failed < before + 10; i++) {
		random_text(text, sizeof(text));
		check_double(text);
		if (i % 4 == 0)
			check_float(text);
		if (i % 32 == 0)
			check_long_double(text);
	}
	printf("strtod: seed %lu, %ld rounds\n", (unsigned long)seed, rounds);
	if (nr_failed == before)
		printf("PASS strtod_random_as_host\n");
	return nr_failed != 0;
}
