/*
 * Length of strings and search for a byte in them. Both read whole aligned
 * words: such a word never crosses a page, so bytes behind the string's end
 * are read but cannot fault.
 */
#include <stdint.h>
#include <string.h>
#include <strings.h>

typedef uint64_t __attribute__((may_alias)) word64;

#define ONES	0x0101010101010101UL
#define HIGHS	0x8080808080808080UL

/* Not 0 if a byte of @word is zero; its lowest bit is in the first such. */
static inline uint64_t zero_bytes(uint64_t word)
{
	return (word - ONES) & ~word & HIGHS;
}

static inline int is_aligned(const char *p)
{
	return (uintptr_t)p % sizeof(word64) == 0;
}

/* A sanitizer would report the bytes behind the end, so it does not look. */
#define READS_WHOLE_WORDS __attribute__((no_sanitize("address")))

READS_WHOLE_WORDS size_t strlen(const char *str)
{
	const char *p = str;
	uint64_t zeros;

	for (; !is_aligned(p); p++)
		if (!*p)
			return (size_t)(p - str);
	while (!(zeros = zero_bytes(*(const word64 *)p)))
		p += sizeof(word64);
	return (size_t)(p - str) + (size_t)__builtin_ctzl(zeros) / 8;
}

size_t strnlen(const char *str, size_t max)
{
	const char *end = memchr(str, 0, max);

	return end ? (size_t)(end - str) : max;
}

/* The first @c in @str, or its terminating NUL. */
READS_WHOLE_WORDS char *strchrnul(const char *str, int c)
{
	uint64_t pattern = (unsigned char)c * ONES;
	const char *p = str;

	for (; !is_aligned(p); p++)
		if (!*p || *p == (char)c)
			return (char *)p;
	while (!zero_bytes(*(const word64 *)p) &&
	       !zero_bytes(*(const word64 *)p ^ pattern))
		p += sizeof(word64);
	while (*p && *p != (char)c)
		p++;
	return (char *)p;
}

char *strchr(const char *str, int c)
{
	char *p = strchrnul(str, c);

	return *p == (char)c ? p : NULL;
}

char *strrchr(const char *str, int c)
{
	return memrchr(str, c, strlen(str) + 1);
}

char *index(const char *str, int c)
{
	return strchr(str, c);
}

char *rindex(const char *str, int c)
{
	return strrchr(str, c);
}
