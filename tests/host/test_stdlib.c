// build: -idirafter kernel/include -Wno-format
/*
 * strtol(), qsort(), bsearch(), sscanf() and the calendar against the build
 * machine's: what programs parse, sort and date. `test_stdlib SEED [ROUNDS]`
 * repeats a run.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Ours, under names of their own. */
#define strtol fl_strtol
#define strtoul fl_strtoul
#define strtoll fl_strtoll
#define strtoull fl_strtoull
#define strtoimax fl_strtoimax
#define strtoumax fl_strtoumax
#define atoi fl_atoi
#define atol fl_atol
#define atoll fl_atoll
#include "../../libc/stdlib/strtol.c"
#undef strtol
#undef strtoul
#undef atol

typedef __compar_fn_t __compare_fn;
#define qsort fl_qsort
#define qsort_r fl_qsort_r
#define bsearch fl_bsearch
#include "../../libc/stdlib/qsort.c"
#include "../../libc/stdlib/bsearch.c"
#undef qsort
#undef bsearch

#define parse_size scan_parse_size
#include "../../libc/stdio/scan.c"
#include "../../libc/stdio/scan_number.c"
#include "../../libc/stdio/scan_text.c"
#define sscanf fl_sscanf
#define vsscanf fl_vsscanf
#include "../../libc/stdio/sscanf.c"
#undef sscanf

#define gmtime_r fl_gmtime_r
#define gmtime fl_gmtime
#define localtime_r fl_localtime_r
#define localtime fl_localtime
#define timegm fl_timegm
#define mktime fl_mktime
struct tm *fl_gmtime(const time_t *time);
#include "../../libc/time/calendar.c"
#define strftime fl_strftime
#define asctime_r fl_asctime_r
#define asctime fl_asctime
#define ctime_r fl_ctime_r
#define ctime fl_ctime
#include "../../libc/time/strftime.c"
#undef gmtime_r
#undef timegm
#undef strftime

struct tm *gmtime_r(const time_t *restrict time, struct tm *restrict tm);
time_t timegm(struct tm *tm);

#define ROUNDS_DEFAULT	100000

static uint64_t random_state;
static long nr_failed;

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

static void expect(const char *name, const char *what, long got, long want)
{
	if (got == want)
		return;
	nr_failed++;
	printf("FAIL %s: got %ld, want %ld (%s)\n", name, got, want, what);
}

static void random_text(char *text, size_t max, const char *alphabet)
{
	size_t len = below((unsigned int)max);

	for (size_t i = 0; i < len; i++)
		text[i] = alphabet[below((unsigned int)strlen(alphabet))];
	text[len] = '\0';
}

static void test_strtol(void)
{
	char text[32], *got_end, *want_end;
	int base = (int)below(38), got_errno;
	long got, want;

	if (below(4) == 0)
		snprintf(text, sizeof(text), "%ld", (long)random_u64());
	else
		random_text(text, 26, " +-0xX1789aAfFzZ");
	errno = 0;
	got = fl_strtol(text, &got_end, base);
	got_errno = errno;
	errno = 0;
	want = strtol(text, &want_end, base);
	expect("strtol", text, got, want);
	expect("strtol errno", text, got_errno, errno);
	if (base != 1 && base <= 36)	/* glibc leaves end alone otherwise */
		expect("strtol end", text, got_end - text, want_end - text);
	errno = 0;
	got = (long)fl_strtoul(text, NULL, base);
	got_errno = errno;
	errno = 0;
	expect("strtoul", text, got, (long)strtoul(text, NULL, base));
	expect("strtoul errno", text, got_errno, errno);
}

/* ---- sorting ---- */

static long nr_compared;

static int compare_ints(const void *a, const void *b)
{
	int x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	nr_compared++;
	return (x > y) - (x < y);
}

/* Arrays that quicksort finds hard: sorted, reversed, equal, organ pipes. */
static int pattern(unsigned int kind, int i, int n)
{
	switch (kind) {
	case 0: return i;
	case 1: return n - i;
	case 2: return 7;
	case 3: return i < n / 2 ? i : n - i;
	case 4: return (int)below(4);
	default: return (int)random_u64();
	}
}

static void test_sort(int n)
{
	/* Elements of 20 bytes: what follows the key must move with it. */
	struct item { int key; int copy[4]; } *items, *found;
	unsigned int kind = below(6);
	uint64_t got_sum = 0, want_sum = 0;
	long limit = 12 + n;

	items = malloc((size_t)(n ? n : 1) * sizeof(*items));
	for (int i = 0; i < n; i++) {
		items[i].key = pattern(kind, i, n);
		items[i].copy[0] = items[i].copy[3] = items[i].key;
		want_sum += (unsigned int)items[i].key;
	}
	for (int left = n; left > 0; left /= 2)
		limit += 6L * n;
	nr_compared = 0;
	fl_qsort(items, (size_t)n, sizeof(*items), compare_ints);
	expect("qsort comparisons", "O(n log n)", nr_compared <= limit, 1);
	for (int i = 0; i < n; i++) {
		expect("qsort order", "", i && items[i - 1].key > items[i].key,
		       0);
		expect("qsort element", "", items[i].copy[3], items[i].key);
		got_sum += (unsigned int)items[i].key;
	}
	expect("qsort sum", "", (long)got_sum, (long)want_sum);
	for (int i = 0; i < n; i += 7) {
		found = fl_bsearch(&items[i].key, items, (size_t)n,
				   sizeof(*items), compare_ints);
		expect("bsearch", "", found && found->key == items[i].key, 1);
	}
	free(items);
}

/* ---- scanning ---- */

/* "0x" and no digit behind it: no number by the standard, 0 by glibc. */
static int has_bare_prefix(const char *text)
{
	for (; (text = strstr(text, "0x")); text++)
		if (!isxdigit((unsigned char)text[2]))
			return 1;
	return 0;
}

static void test_scan(void)
{
	static const char *const formats[] = {
		"%d%n", "%i %u", "%x%o", "%5d%3u", "%*d %d", "%hhd%hd%ld",
		"%s %s", "%3s%s", "%c%c", "%2c", "%[ab]%n", "%[^1-3]%d",
		"%[]a]", "%[^]a]%n", "a%d b", "%% %d", "%d,%d,%d", "%li %jx",
	};
	const char *fmt = formats[below(sizeof(formats) / sizeof(*formats))];
	char text[24], got[4][32], want[4][32];
	int got_n, want_n;

	random_text(text, sizeof(text), "ab 1203x-+,]%\n");
	if (has_bare_prefix(text))
		return;
	memset(got, 0, sizeof(got));
	memset(want, 0, sizeof(want));
	got_n = fl_sscanf(text, fmt, got[0], got[1], got[2], got[3]);
	want_n = sscanf(text, fmt, want[0], want[1], want[2], want[3]);
	if (got_n != want_n || memcmp(got, want, sizeof(got)) != 0) {
		expect("sscanf", text, got_n, want_n);
		nr_failed++;
		printf("FAIL sscanf: got other items, want glibc's (\"%s\" by "
		       "\"%s\")\n", text, fmt);
	}
}

static void test_scan_floats(void)
{
	float f = 0;
	double d = 0;
	long double ld = 0;
	char word[8] = "";

	expect("sscanf floats", "",
	       fl_sscanf("1.5e1 -0x1p-2 infinity nanx", "%f%lf%Lf %3s", &f, &d,
			 &ld, word), 4);
	expect("sscanf floats", "", f == 15 && d == -0.25 && ld > 1e4900L, 1);
	expect("sscanf 1e", "", fl_sscanf("1e", "%f", &f), 0);
	expect("sscanf eof", "", fl_sscanf("  ", "%f", &f), EOF);
}

/* ---- dates ---- */

static void test_dates(void)
{
	static const char fmt[] = "%a %A %b %B %c %C %d %D %e %F %g %G %H %I "
		"%j %k %l %m %M %n %p %P %r %R %s %S %T %u %U %V %w %W %x %X "
		"%y %Y %%";
	/* Years 1000 to 9999: beyond, the widths of %Y and %C are disputed. */
	time_t t = (time_t)(random_u64() % 284000000000UL) - 30600000000;
	char got_text[400], want_text[400];
	struct tm got, want;
	time_t again;

	fl_gmtime_r(&t, &got);
	gmtime_r(&t, &want);
	fl_strftime(got_text, sizeof(got_text), fmt, &got);
	strftime(want_text, sizeof(want_text), fmt, &want);
	if (strcmp(got_text, want_text) != 0) {
		nr_failed++;
		printf("FAIL strftime: got %s, want %s\n", got_text, want_text);
	}
	got.tm_mon = want.tm_mon += (int)below(100) - 50;
	got.tm_mday = want.tm_mday += (int)below(1000) - 500;
	got.tm_sec = want.tm_sec += (int)below(1000000) - 500000;
	again = timegm(&want);
	expect("timegm", want_text, fl_timegm(&got), again);
	expect("timegm yday", want_text, got.tm_yday, want.tm_yday);
}

static void finish(const char *name, long failed_before)
{
	if (nr_failed == failed_before)
		printf("PASS %s\n", name);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0)
				 : (uint64_t)time(NULL);
	long rounds = argc > 2 ? strtol(argv[2], NULL, 0) : ROUNDS_DEFAULT;
	long before;

	setenv("TZ", "UTC", 1);
	random_state = seed;
	printf("stdlib: seed %lu, %ld rounds\n", (unsigned long)seed, rounds);
	before = nr_failed;
	for (long i = 0; i < rounds && nr_failed < before + 10; i++)
		test_strtol();
	finish("strtol_random_as_host", before);
	before = nr_failed;
	for (int n = 0; n < 300 && nr_failed < before + 10; n++)
		test_sort(n);
	for (int i = 0; i < 12; i++)
		test_sort(20000);
	finish("qsort_sorts_hard_arrays", before);
	before = nr_failed;
	test_scan_floats();
	for (long i = 0; i < rounds && nr_failed < before + 10; i++)
		test_scan();
	finish("sscanf_random_as_host", before);
	before = nr_failed;
	for (long i = 0; i < rounds / 4 && nr_failed < before + 10; i++)
		test_dates();
	finish("dates_random_as_host", before);
	return nr_failed != 0;
}
