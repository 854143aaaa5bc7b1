/*
 * Strings and memory.
 *
 * Copies and fills go by words with the string instructions: short code, no
 * vector registers (they hold the user's values), and few steps under an
 * emulator, which counts each repetition.
 */
#include "string.h"

/*
 * Without this gcc recognises the loop of strlen() as strlen() and replaces it
 * by a call to itself.
 */
#pragma GCC optimize("no-tree-loop-distribute-patterns")

void *memcpy(void *dst, const void *src, size_t n)
{
	void *to = dst;
	size_t words = n / 8, tail = n % 8;

	__asm__ volatile("rep movsq" : "+D"(to), "+S"(src), "+c"(words) : :
			 "memory");
	__asm__ volatile("rep movsb" : "+D"(to), "+S"(src), "+c"(tail) : :
			 "memory");
	return dst;
}

/* From the last byte down: only needed where dst lies inside the source. */
static void copy_backwards(char *to, const char *from, size_t n)
{
	while (n % 8) {
		n--;
		to[n] = from[n];
	}
	while (n) {
		uint64_t word;

		n -= 8;
		__builtin_memcpy(&word, from + n, 8);
		__builtin_memcpy(to + n, &word, 8);
	}
}

void *memmove(void *dst, const void *src, size_t n)
{
	/* One comparison: wraps to a huge distance when dst is below src. */
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		return memcpy(dst, src, n);
	copy_backwards(dst, src, n);
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	void *to = dst;
	size_t words = n / 8, tail = n % 8;
	uint64_t pattern = (uint8_t)c * 0x0101010101010101UL;

	__asm__ volatile("rep stosq" : "+D"(to), "+c"(words) : "a"(pattern) :
			 "memory");
	__asm__ volatile("rep stosb" : "+D"(to), "+c"(tail) : "a"(pattern) :
			 "memory");
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const uint8_t *x = a, *y = b;

	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	const uint8_t *p = s;

	for (; n; n--, p++)
		if (*p == (uint8_t)c)
			return (void *)p;
	return NULL;
}

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (uint8_t)*a - (uint8_t)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (uint8_t)*a - (uint8_t)*b;
	return 0;
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)s;
}

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}

char *strstr(const char *haystack, const char *needle)
{
	size_t n = strlen(needle);

	for (; *haystack || !n; haystack++)
		if (strncmp(haystack, needle, n) == 0)
			return (char *)haystack;
	return NULL;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t length = strlen(src);
	size_t n = length < size ? length : size - 1;

	memcpy(dst, src, n);
	dst[n] = '\0';
	return length;
}
