// build: libc/string/memcpy.c libc/string/memset.c libc/string/memcmp.c libc/string/strlen.c libc/string/strcmp.c libc/string/strcpy.c libc/string/strspn.c libc/string/search.c -idirafter kernel/include -D_GNU_SOURCE -fno-builtin -fno-sanitize=all
/*
 * string.h against plain loops: random strings over a small alphabet (so that
 * matches happen), of all lengths up to 100, each ending where a page begins
 * that cannot be touched. One byte too many faults; a wrong result is
 * reported. No sanitizer: the functions under test take the place of the ones
 * it would watch. `test_string SEED [ROUNDS]` repeats a run.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <time.h>

#define ROUNDS_DEFAULT	100000
#define PAGE		4096
#define LEN_MAX		100

size_t strlcpy(char *restrict dst, const char *restrict src, size_t size);
size_t strlcat(char *restrict dst, const char *restrict src, size_t size);

static uint64_t random_state;
static long nr_failed;

static unsigned int below(unsigned int n)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (unsigned int)((z ^ z >> 31) % n);
}

static void expect(const char *name, long got, long want)
{
	if (got == want)
		return;
	nr_failed++;
	printf("FAIL %s: got %ld, want %ld\n", name, got, want);
}

/* Bytes that end right before a forbidden page; a new arena each time. */
static char *page_end(int which)
{
	static char *ends[3];

	if (!ends[which]) {
		char *mem = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (mem == MAP_FAILED || mprotect(mem + PAGE, PAGE, PROT_NONE))
			exit(2);
		ends[which] = mem + PAGE;
	}
	return ends[which];
}

/* A string of @len bytes from "ab", or now and then from all bytes but 0. */
static char *random_string(int which, size_t len)
{
	char *str = page_end(which) - len - 1;
	int all = below(8) == 0;

	for (size_t i = 0; i < len; i++)
		str[i] = (char)(all ? 1 + below(255) : 'a' + below(2));
	str[len] = '\0';
	return str;
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

/* What the rest is measured by. */
static int plain_compare(const char *a, const char *b, size_t n, int is_string)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i])
			return (unsigned char)a[i] < (unsigned char)b[i] ? -1
									 : 1;
		if (is_string && !a[i])
			break;
	}
	return 0;
}

static long plain_find(const char *hay, size_t hay_len, const char *needle,
		       size_t len)
{
	for (size_t i = 0; i + len <= hay_len; i++)
		if (plain_compare(hay + i, needle, len, 0) == 0)
			return (long)i;
	return -1;
}

static long offset(const void *found, const char *base)
{
	return found ? (const char *)found - base : -1;
}

static void test_length_and_search(void)
{
	size_t len = below(LEN_MAX), max = below(LEN_MAX);
	char *str = random_string(0, len);
	char c = (char)(below(4) ? 'a' + below(3) : 0);
	long first = plain_find(str, len + 1, &c, 1);
	long last = -1, first_n;

	for (size_t i = 0; i <= len; i++)
		if (str[i] == c)
			last = (long)i;
	expect("strlen", (long)strlen(str), (long)len);
	expect("strnlen", (long)strnlen(str, max), (long)(len < max ? len : max));
	expect("strchr", offset(strchr(str, c), str), first);
	expect("strchrnul", strchrnul(str, c) - str,
	       first < 0 ? (long)len : first);
	expect("strrchr", offset(strrchr(str, c), str), last);
	max = below((unsigned int)len + 2);
	first_n = plain_find(str, max, &c, 1);
	expect("memchr", offset(memchr(str, c, max), str), first_n);
	expect("memrchr", offset(memrchr(str, c, len + 1), str), last);
}

static void test_compare(void)
{
	size_t len = below(LEN_MAX), n = below(LEN_MAX);
	char *a = random_string(0, len), *b = random_string(1, len);
	size_t common = below((unsigned int)len + 2);

	for (size_t i = 0; i < common && i < len; i++)
		b[i] = a[i];
	expect("strcmp", sign(strcmp(a, b)),
	       plain_compare(a, b, len + 1, 1));
	expect("strncmp", sign(strncmp(a, b, n)), plain_compare(a, b, n < len
			? n : len + 1, 1));
	expect("memcmp", sign(memcmp(a, b, len + 1)),
	       plain_compare(a, b, len + 1, 0));
	expect("strcasecmp equal", strcasecmp("aBc[", "AbC["), 0);
	expect("strcasecmp", sign(strcasecmp("abc", "ABD")), -1);
}

/* Periodic needles are where the two-way search can go wrong. */
static void test_substring(void)
{
	size_t hay_len = below(LEN_MAX), len = below(12);
	char *hay = random_string(0, hay_len), *needle = random_string(1, len);
	size_t period = 1 + below(4);
	long want, found;

	if (below(2))
		for (size_t i = period; i < len; i++)
			needle[i] = needle[i - period];
	want = plain_find(hay, hay_len, needle, len);
	expect("strstr", offset(strstr(hay, needle), hay), want);
	expect("memmem", offset(memmem(hay, hay_len, needle, len), hay), want);
	if (want >= 0) {	/* it may find another case still earlier */
		found = offset(strcasestr(hay, needle), hay);
		expect("strcasestr", found >= 0 && found <= want, 1);
	}
}

static void test_copy(void)
{
	size_t len = below(LEN_MAX), n = below(LEN_MAX);
	char *src = random_string(0, len), *dst = page_end(1) - LEN_MAX;
	char *exact = page_end(1) - len - 1;

	expect("memcpy result", offset(memcpy(exact, src, len + 1), exact), 0);
	expect("memcpy", plain_compare(exact, src, len + 1, 0), 0);
	memset(dst, 'x', LEN_MAX);
	expect("stpcpy", stpcpy(exact, src) - exact, (long)len);
	expect("strcpy", plain_compare(exact, src, len + 1, 0), 0);
	memset(dst, 'x', LEN_MAX);
	strncpy(dst, src, n);
	for (size_t i = 0; i < LEN_MAX; i++)
		expect("strncpy", dst[i], i >= n ? 'x' : i < len ? src[i] : 0);
	memset(dst, 'x', LEN_MAX);
	expect("strlcpy length", (long)strlcpy(dst, src, n), (long)len);
	expect("strlcpy", (long)strnlen(dst, LEN_MAX),
	       n == 0 ? LEN_MAX : (long)(len < n ? len : n - 1));
	dst = page_end(1) - 2 * len - 1;
	strcpy(dst, src);
	strcat(dst, src);
	expect("strcat", plain_compare(dst + len, src, len + 1, 0), 0);
	expect("strcat front", plain_compare(dst, src, len, 0), 0);
}

/* All distances between source and destination, in both directions. */
static void test_overlap_and_fill(void)
{
	static char buf[3 * LEN_MAX], model[3 * LEN_MAX];
	size_t from = below(2 * LEN_MAX), to = below(2 * LEN_MAX);
	size_t n = below(LEN_MAX);
	char tmp[LEN_MAX];

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = model[i] = (char)below(256);
	for (size_t i = 0; i < n; i++)
		tmp[i] = model[from + i];
	for (size_t i = 0; i < n; i++)
		model[to + i] = tmp[i];
	memmove(buf + to, buf + from, n);
	expect("memmove", plain_compare(buf, model, sizeof(buf), 0), 0);
	for (size_t i = 0; i < n; i++)
		model[from + i] = 'z';
	memset(buf + from, 'z' + 256, n);
	expect("memset", plain_compare(buf, model, sizeof(buf), 0), 0);
}

static void test_sets_and_tokens(void)
{
	size_t len = below(LEN_MAX);
	char *str = random_string(0, len);
	char copy[LEN_MAX + 1], joined[LEN_MAX + 1] = "";
	char *rest, *token;
	size_t run = 0;
	long nr_b = 0;

	while (str[run] == 'a')
		run++;
	expect("strspn", (long)strspn(str, "a"), (long)run);
	expect("strcspn", (long)strcspn(str, "bcd"),
	       offset(strpbrk(str, "dcb"), str) < 0
		       ? (long)len : offset(strpbrk(str, "dcb"), str));
	for (size_t i = 0; i < len; i++)
		nr_b += str[i] == 'b';
	strcpy(copy, str);
	for (token = strtok_r(copy, "b", &rest); token;
	     token = strtok_r(NULL, "b", &rest))
		strcat(joined, token);
	expect("strtok_r", (long)strlen(joined), (long)len - nr_b);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoul(argv[1], NULL, 0)
				 : (uint64_t)time(NULL);
	long rounds = argc > 2 ? atol(argv[2]) : ROUNDS_DEFAULT;

	random_state = seed;
	for (long i = 0; i < rounds && nr_failed < 10; i++) {
		test_length_and_search();
		test_compare();
		test_substring();
		test_copy();
		test_overlap_and_fill();
		test_sets_and_tokens();
	}
	printf("string: seed %lu, %ld rounds\n", (unsigned long)seed, rounds);
	if (!nr_failed)
		printf("PASS string_random_as_plain_loops\n");
	return nr_failed != 0;
}
