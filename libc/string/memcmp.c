/* Comparing and searching blocks of memory. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

typedef uint64_t __attribute__((may_alias, aligned(1))) word64;

int memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *p = a, *q = b;

	/* Equal words are skipped; the byte loop finds where one differs. */
	while (n >= sizeof(word64) && *(const word64 *)p == *(const word64 *)q) {
		p += sizeof(word64);
		q += sizeof(word64);
		n -= sizeof(word64);
	}
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

int bcmp(const void *a, const void *b, size_t n)
{
	return memcmp(a, b, n);
}

void *memchr(const void *mem, int c, size_t n)
{
	const unsigned char *p = mem;

	for (; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}

void *memrchr(const void *mem, int c, size_t n)
{
	const unsigned char *p = mem;

	while (n--)
		if (p[n] == (unsigned char)c)
			return (void *)(p + n);
	return NULL;
}

void *rawmemchr(const void *mem, int c)
{
	return memchr(mem, c, SIZE_MAX);
}
