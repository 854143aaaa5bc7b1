// build: libc/stdio/format.c libc/stdio/format_out.c libc/stdio/format_int.c libc/stdio/format_float.c libc/stdio/format_wide.c libc/stdio/decimal.c -idirafter kernel/include -Wno-format -lm
/*
 * The printf engine against the build machine's: if they differ, every number
 * that a program prints in the guest is in doubt. Fixed cases, then random
 * formats and values; `test_printf SEED [ROUNDS]` repeats a run.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "../../libc/stdio/format.h"

#define ROUNDS_DEFAULT	200000
#define TEXT_MAX	20000

static int nr_failed;

/* ---- our snprintf() ---- */

struct buf_sink {
	struct __sink sink;
	char *pos;
	size_t room;
};

static void buf_write(struct __sink *sink, const char *text, size_t n)
{
	struct buf_sink *buf = (struct buf_sink *)sink;

	n = n < buf->room ? n : buf->room;
	memcpy(buf->pos, text, n);
	buf->pos += n;
	buf->room -= n;
}

static int our_vsnprintf(char *dst, size_t size, const char *fmt, va_list args)
{
	struct buf_sink buf = { { buf_write }, dst, size - 1 };
	int n = __format(&buf.sink, fmt, args);

	*buf.pos = '\0';
	return n;
}

static int our_snprintf(char *dst, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = our_vsnprintf(dst, size, fmt, args);
	va_end(args);
	return n;
}

/* ---- comparing ---- */

static void verdict(const char *name, const char *got, int got_n,
		    const char *want, int want_n)
{
	if (got_n == want_n && strcmp(got, want) == 0)
		return;
	nr_failed++;
	printf("FAIL printf %s: got \"%.200s\" %d, want \"%.200s\" %d\n", name,
	       got, got_n, want, want_n);
}

/* The same format and arguments, through both. */
static void same(const char *fmt, ...)
{
	static char got[TEXT_MAX], want[TEXT_MAX];
	va_list args;
	int got_n, want_n;

	va_start(args, fmt);
	got_n = our_vsnprintf(got, sizeof(got), fmt, args);
	va_end(args);
	va_start(args, fmt);
	want_n = vsnprintf(want, sizeof(want), fmt, args);
	va_end(args);
	verdict(fmt, got, got_n, want, want_n);
}

static void finish(const char *name, int failed_before)
{
	if (nr_failed == failed_before)
		printf("PASS %s\n", name);
}

/* ---- fixed cases ---- */

static void test_integers(void)
{
	int before = nr_failed;

	same("%d %i %u", INT_MIN, INT_MAX, UINT_MAX);
	same("%ld %lld %lu", LONG_MIN, LLONG_MAX, ULONG_MAX);
	same("%hhd %hd %hhu %hu", 511, 70000, 511, 70000);
	same("%jd %zu %td", (intmax_t)-5, (size_t)7, (ptrdiff_t)-9);
	same("[%5d] [%-5d] [%05d] [%+d] [% d] [%+05d]", 42, 42, 42, 42, 42, 42);
	same("[%.0d] [%.0x] [%#.0o] [%5.0d]", 0, 0, 0, 0);
	same("[%#x] [%#X] [%#o] [%#x] [%#o]", 255, 255, 8, 0, 0);
	same("[%08.3d] [%-8.3d] [%+.3d]", 7, 7, 7);
	same("[%*d] [%-*d] [%*d] [%.*d] [%.*d]", 6, 1, 6, 2, -6, 3, 4, 4, -4, 5);
	same("%p %p [%20p] [%-20p]", (void *)0x1234, NULL, (void *)1, NULL);
	finish("printf_integers_as_host", before);
}

static void test_text(void)
{
	int before = nr_failed;
	int count = -1;
	long wide_count = -1;
	char buf[64];

	same("%s|%10s|%-10s|%.2s|%.0s|%10.3s|", "abc", "abc", "abc", "abc",
	     "abc", "abcdef");
	same("%c|%3c|%-3c|%%|", 'x', 'y', 'z');
	same("[%s] [%.3s] [%.6s]", NULL, NULL, NULL);
	same("%ls|%.2ls|%6ls|%lc|%-3lc|", L"wide", L"wide", L"wide", L'c',
	     L'd');
	same("plain text, no conversion");
	same("");
	our_snprintf(buf, sizeof(buf), "four%n five%ln", &count, &wide_count);
	if (count != 4 || wide_count != 9) {
		nr_failed++;
		printf("FAIL printf_n: got %d %ld, want 4 9\n", count,
		       wide_count);
	}
	our_snprintf(buf, sizeof(buf), "%lc%lc%lc", (wint_t)0xe4,
		     (wint_t)0x20ac, (wint_t)0x1f600);
	verdict("utf8", buf, 0, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 0);
	finish("printf_text_as_host", before);
}

static void test_errors(void)
{
	int before = nr_failed;
	char buf[16];
	int n, error;

	errno = 0;
	n = our_snprintf(buf, sizeof(buf), "%2147483647d%d", 1, 2);
	error = errno;
	verdict("too long", "", n, "", -1);
	verdict("too long, errno", "", error, "", EOVERFLOW);
	errno = 0;
	n = our_snprintf(buf, sizeof(buf), "%99999999999d", 1);
	error = errno;
	verdict("too wide", "", n, "", -1);
	verdict("too wide, errno", "", error, "", EOVERFLOW);
	errno = 0;
	n = our_snprintf(buf, sizeof(buf), "%lc", (wint_t)0xd800);
	error = errno;
	verdict("surrogate", "", n, "", -1);
	verdict("surrogate, errno", "", error, "", EILSEQ);
	n = our_snprintf(buf, 4, "%s", "longer");
	verdict("cut", buf, n, "lon", 6);
	finish("printf_errors_reported", before);
}

static void test_floats(void)
{
	static const double values[] = {
		0.0, -0.0, 1.0, 0.1, 0.5, 1.5, 2.5, 9.5, 99.5, 0.05, 1e22,
		1e23, 1e-5, 123456789.125, 5e-324, 2.2250738585072014e-308,
		1.7976931348623157e308, 0.0001, 0.00001, 999999.5, 9999995e-1,
		INFINITY, -INFINITY, NAN, -NAN, 4503599627370497.5,
	};
	static const char *const formats[] = {
		"%f", "%e", "%g", "%a", "%F", "%E", "%G", "%A", "%.0f", "%.0e",
		"%.0g", "%.0a", "%#.0f", "%#.0e", "%#.0a", "%.1f",
		"%.17g", "%.20e", "%.1100f", "%+f", "% f", "%015f", "%-15f|",
		"%+015.3e", "%030a", "%-30.3a|", "%10.2f", "%.15a", "%.1a",
	};
	int before = nr_failed;

	for (size_t f = 0; f < sizeof(formats) / sizeof(*formats); f++)
		for (size_t v = 0; v < sizeof(values) / sizeof(*values); v++)
			same(formats[f], values[v]);
	/* glibc loses the zeros when rounding adds a digit: 999999.5 is 1.e+06 */
	same("%#g %#g %#g %#.3g %#g", 0.0, 1.0, 1e10, 123456.0, 1e-10);
	same("%Lf %Le %Lg %La", 1.1L, 1e4000L, 3e-4940L, 1.0L);
	same("%.30Lf %.0Lf %La", 0.1L, 0.5L, 3.645e-4951L);
	same("%.12000Lf", 3.645e-4951L);
	same("%Lf", 1.18e4932L);
	finish("printf_floats_as_host", before);
}

/* ---- random cases ---- */

static uint64_t random_state;

/* Any generator does, but every run must be repeatable: splitmix64. */
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

/* A number of random size: small ones are as likely as large ones. */
static uint64_t random_integer(void)
{
	return random_u64() >> below(64);
}

static double random_double(void)
{
	uint64_t bits = random_u64();
	double value;

	switch (below(4)) {
	case 0:		/* any bits */
		memcpy(&value, &bits, sizeof(value));
		return value;
	case 1:		/* short decimals */
		return (double)(int64_t)below(100000) / pow(10, below(6));
	case 2:		/* ties at some binary place */
		return (double)below(4096) / 16;
	default:
		return (double)(int64_t)bits * pow(2, (int)below(140) - 70);
	}
}

static void random_spec(char *fmt, const char *flags, const char *size,
			char conv)
{
	*fmt++ = '%';
	for (; *flags; flags++)
		if (below(4) == 0)
			*fmt++ = *flags;
	if (below(2))
		fmt += sprintf(fmt, "%u", 1 + below(below(10) ? 30 : 300));
	if (below(2))
		fmt += sprintf(fmt, ".%u", below(below(10) ? 25 : 400));
	sprintf(fmt, "%s%c", size, conv);
}

static void random_int_case(void)
{
	static const char *const sizes[] = { "", "hh", "h", "l", "ll", "j",
					     "z", "t" };
	static const char convs[] = "diuoxX";
	uint64_t value = below(8) ? random_integer() : 0;
	char conv = convs[below(6)];
	const char *size = sizes[below(8)];
	char fmt[32];

	if (below(2))
		value = -value;
	random_spec(fmt, conv == 'd' || conv == 'i' ? "-+ 0" : "-#0", size,
		    conv);
	if (conv == 'u')
		random_spec(fmt, "-0", size, conv);
	if (*size == 0 || *size == 'h')
		same(fmt, (int)value);
	else
		same(fmt, value);
}

static void random_float_case(void)
{
	static const char convs[] = "eEfFgGaA";
	char conv = convs[below(8)];
	const char *flags = conv == 'g' || conv == 'G' ? "-+ 0" : "-+ #0";
	char fmt[32];

	if (below(8)) {
		random_spec(fmt, flags, "", conv);
		same(fmt, random_double());
	} else {
		long double value = (long double)random_double();

		value += value * (long double)random_u64() * 0x1p-117L;
		random_spec(fmt, flags, "L", conv);
		same(fmt, value);
	}
}

static void random_string_case(void)
{
	char str[64];
	char fmt[32];
	unsigned int len = below(sizeof(str));

	memset(str, 'a' + (int)below(26), len);
	str[len] = '\0';
	random_spec(fmt, "-", "", 's');
	same(fmt, str);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0)
				 : (uint64_t)time(NULL);
	long rounds = argc > 2 ? atol(argv[2]) : ROUNDS_DEFAULT;
	int before;

	test_integers();
	test_text();
	test_errors();
	test_floats();
	before = nr_failed;
	random_state = seed;
	for (long i = 0; i < rounds && nr_failed < before + 10; i++) {
		switch (below(4)) {
		case 0:
			random_string_case();
			break;
		case 1:
			random_int_case();
			break;
		default:
			random_float_case();
		}
	}
	printf("printf: seed %lu, %ld rounds\n", (unsigned long)seed, rounds);
	finish("printf_random_as_host", before);
	return nr_failed != 0;
}
