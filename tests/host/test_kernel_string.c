/*
 * The kernel's memory functions move exactly the bytes they are told to, for
 * every length, alignment and overlap. A byte too many or too few corrupts
 * whatever lies beside a copy.
 */
// build: tests/host/support/host.c -Itests/host/support
#include "host.h"

#define memcpy kernel_memcpy
#define memmove kernel_memmove
#define memset kernel_memset
#define memcmp kernel_memcmp
#define memchr kernel_memchr
#define strlen kernel_strlen
#define strnlen kernel_strnlen
#define strcmp kernel_strcmp
#define strncmp kernel_strncmp
#define strchr kernel_strchr
#define strrchr kernel_strrchr
#define strstr kernel_strstr
#define strlcpy kernel_strlcpy
#include "../../kernel/lib/string.c"

#define BYTES 200
#define ROUNDS 20000

static unsigned char buf[BYTES], model[BYTES];

static void fill(void)
{
	for (size_t i = 0; i < BYTES; i++)
		buf[i] = model[i] = (unsigned char)host_random();
}

static bool buffers_agree(void)
{
	for (size_t i = 0; i < BYTES; i++)
		if (buf[i] != model[i])
			return false;
	return true;
}

static void test_memmove(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = host_below(80);
		size_t to = host_below(BYTES - n), from = host_below(BYTES - n);
		unsigned char copy[80];

		fill();
		for (size_t i = 0; i < n; i++)
			copy[i] = model[from + i];
		for (size_t i = 0; i < n; i++)
			model[to + i] = copy[i];
		CHECK(kernel_memmove(buf + to, buf + from, n) == buf + to);
		CHECK(buffers_agree());
	}
	host_report("memmove_any_overlap_is_exact");
}

static void test_memcpy_memset(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = host_below(80);
		size_t to = host_below(20), from = 100 + host_below(20);
		int c = (int)host_below(1000);

		fill();
		for (size_t i = 0; i < n; i++)
			model[to + i] = model[from + i];
		kernel_memcpy(buf + to, buf + from, n);
		CHECK(buffers_agree());
		for (size_t i = 0; i < n; i++)
			model[from + i] = (unsigned char)c;
		kernel_memset(buf + from, c, n);
		CHECK(buffers_agree());
	}
	host_report("memcpy_memset_write_exact_range");
}

static void test_compare(void)
{
	CHECK(kernel_memcmp("abc\xff", "abc\x01", 4) > 0);
	CHECK(kernel_memcmp("abcX", "abcY", 3) == 0);
	CHECK(kernel_strcmp("abc", "abc") == 0);
	CHECK(kernel_strcmp("abc", "abcd") < 0);
	CHECK(kernel_strcmp("\xff", "a") > 0);
	CHECK(kernel_strncmp("abcX", "abcY", 3) == 0);
	CHECK(kernel_strncmp("ab", "ab", 100) == 0);
	CHECK(kernel_strncmp("x", "y", 0) == 0);
	host_report("compare_is_by_unsigned_bytes");
}

static void test_search(void)
{
	const char *s = "hello, hello";

	CHECK(kernel_strchr(s, 'l') == s + 2);
	CHECK(kernel_strchr(s, 0) == s + 12);
	CHECK(kernel_strchr(s, 'z') == NULL);
	CHECK(kernel_strrchr(s, 'h') == s + 7);
	CHECK(kernel_strrchr(s, 0) == s + 12);
	CHECK(kernel_strrchr(s, 'z') == NULL);
	CHECK(kernel_strstr(s, "lo, h") == s + 3);
	CHECK(kernel_strstr(s, "") == s);
	CHECK(kernel_strstr(s, "hellox") == NULL);
	CHECK(kernel_strstr("", "") != NULL);
	CHECK(kernel_memchr(s, 'o', 4) == NULL);
	CHECK(kernel_memchr(s, 'o', 5) == s + 4);
	CHECK_EQ(kernel_strlen(s), 12);
	CHECK_EQ(kernel_strnlen(s, 5), 5);
	host_report("search_finds_first_and_last");
}

static void test_strlcpy(void)
{
	char to[4] = "xxx";

	CHECK_EQ(kernel_strlcpy(to, "abcdef", sizeof(to)), 6);
	CHECK(kernel_strcmp(to, "abc") == 0);
	CHECK_EQ(kernel_strlcpy(to, "ab", sizeof(to)), 2);
	CHECK(kernel_strcmp(to, "ab") == 0);
	CHECK_EQ(kernel_strlcpy(to, "ab", 1), 2);
	CHECK(to[0] == '\0');
	host_report("strlcpy_cuts_and_always_ends");
}

int main(void)
{
	host_seed();
	test_memmove();
	test_memcpy_memset();
	test_compare();
	test_search();
	test_strlcpy();
	return host_status();
}
