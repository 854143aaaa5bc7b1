/*
 * The kernel's vsnprintf() formats as the C library does, whatever the format
 * and however short the buffer. If it did not, ps, free and the fault lines
 * would print other columns than those that scripts know.
 */
// build: tests/host/support/host.c -Itests/host/support
#include "host.h"

/* The kernel's functions under other names, beside the library's. */
#define vsnprintf kernel_vsnprintf
#define snprintf kernel_snprintf
#include "../../kernel/lib/vsnprintf.c"
#undef vsnprintf
#undef snprintf

#define SIZES 40 /* each text is tried with buffers of 0 to SIZES - 1 bytes */

static bool same(const char *fmt, size_t size, int got, const char *text,
		 int want, const char *want_text)
{
	if (got == want && (!size || !strcmp(text, want_text)))
		return true;
	printf("format \"%s\", %zu bytes: got %d \"%s\", want %d \"%s\"\n", fmt,
	       size, got, size ? text : "", want, size ? want_text : "");
	return false;
}

#define AGREES(fmt, ...)                                                  \
	for (size_t size = 0; size < SIZES; size++) {                     \
		char a[SIZES], b[SIZES];                                  \
		int got = kernel_snprintf(a, size, fmt, ##__VA_ARGS__);   \
		int want = snprintf(b, size, fmt, ##__VA_ARGS__);         \
		CHECK(same(fmt, size, got, a, want, b));                  \
	}

static void test_integers(void)
{
	AGREES("%d", 0);
	AGREES("%d %i", -1, 2147483647);
	AGREES("%d", -2147483647 - 1);
	AGREES("%ld", INT64_MIN);
	AGREES("%lu", UINT64_MAX);
	AGREES("%llx %zX", 0xabcdefULL, (size_t)0xabcdef);
	AGREES("%5d|%-5d|%05d|", 42, 42, 42);
	AGREES("%5d|%-5d|%05d|", -42, -42, -42);
	AGREES("%2d|%02x", 12345, 0xabcde);
	AGREES("%*d|%*d|", 6, 7, -6, 7);
	AGREES("%016lx", 0x7f00UL);
	host_report("vsnprintf_integers_as_libc");
}

static void test_text(void)
{
	AGREES("plain");
	AGREES("100%%");
	AGREES("%s|%10s|%-10s|", "abc", "abc", "abc");
	AGREES("%.2s|%10.2s|%-10.2s|", "abc", "abc", "abc");
	AGREES("%.*s|%.0s|", 1, "abc", "abc");
	AGREES("%c%3c|%-3c|", 'x', 'y', 'z');
	AGREES("%p", (void *)0x1000);
	host_report("vsnprintf_text_as_libc");
}

int main(void)
{
	test_integers();
	test_text();
	return host_status();
}
