/* Filling: `rep stosq`, except for small blocks, as in memcpy.c. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define SMALL_BYTES	16

typedef uint64_t __attribute__((may_alias, aligned(1))) word64;
typedef uint32_t __attribute__((may_alias, aligned(1))) word32;

/* Up to 16 bytes: two words that may overlap; or a byte at a time below 4. */
static inline void fill_small(char *dst, uint64_t pattern, size_t n)
{
	if (n >= 8) {
		*(word64 *)dst = pattern;
		*(word64 *)(dst + n - 8) = pattern;
	} else if (n >= 4) {
		*(word32 *)dst = (uint32_t)pattern;
		*(word32 *)(dst + n - 4) = (uint32_t)pattern;
	} else {
		while (n--)
			*(volatile char *)dst++ = (char)pattern;
	}
}

/* More than 16 bytes; the last word takes what is left of less than a word. */
static inline void fill_words(char *dst, uint64_t pattern, size_t n)
{
	size_t words = n / sizeof(word64);

	*(word64 *)(dst + n - sizeof(word64)) = pattern;
	__asm__ volatile("rep stosq"
			 : "+D"(dst), "+c"(words)
			 : "a"(pattern)
			 : "memory");
}

void *memset(void *dst, int c, size_t n)
{
	uint64_t pattern = (unsigned char)c * 0x0101010101010101UL;

	if (n <= SMALL_BYTES)
		fill_small(dst, pattern, n);
	else
		fill_words(dst, pattern, n);
	return dst;
}

void bzero(void *dst, size_t n)
{
	memset(dst, 0, n);
}

/* For secrets: the empty asm says that someone may read the zeros. */
void explicit_bzero(void *dst, size_t n)
{
	memset(dst, 0, n);
	__asm__ volatile("" : : "r"(dst) : "memory");
}
