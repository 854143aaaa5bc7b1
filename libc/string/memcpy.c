/*
 * Copying. `rep movsb` is the fastest way on every CPU with ERMS and is the
 * shortest; its start-up of some 30 cycles is avoided for small blocks.
 */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define SMALL_BYTES	32	/* below, two overlapping moves are faster */

/* Words at any address; they may alias what they copy. */
typedef uint64_t __attribute__((may_alias, aligned(1))) word64;
typedef uint32_t __attribute__((may_alias, aligned(1))) word32;
typedef uint16_t __attribute__((may_alias, aligned(1))) word16;

/*
 * Copy up to 32 bytes: the first and the last word(s), which overlap in the
 * middle. Everything is loaded before anything is stored, so source and
 * destination may overlap as well.
 */
static inline void copy_small(char *dst, const char *src, size_t n)
{
	if (n >= 16) {
		word64 a = *(const word64 *)src;
		word64 b = *(const word64 *)(src + 8);
		word64 c = *(const word64 *)(src + n - 16);
		word64 d = *(const word64 *)(src + n - 8);

		*(word64 *)dst = a;
		*(word64 *)(dst + 8) = b;
		*(word64 *)(dst + n - 16) = c;
		*(word64 *)(dst + n - 8) = d;
	} else if (n >= 8) {
		word64 a = *(const word64 *)src;
		word64 b = *(const word64 *)(src + n - 8);

		*(word64 *)dst = a;
		*(word64 *)(dst + n - 8) = b;
	} else if (n >= 4) {
		word32 a = *(const word32 *)src;
		word32 b = *(const word32 *)(src + n - 4);

		*(word32 *)dst = a;
		*(word32 *)(dst + n - 4) = b;
	} else if (n >= 2) {
		word16 a = *(const word16 *)src;
		word16 b = *(const word16 *)(src + n - 2);

		*(word16 *)dst = a;
		*(word16 *)(dst + n - 2) = b;
	} else if (n) {
		*dst = *src;
	}
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	void *end = dst;

	if (n <= SMALL_BYTES)
		copy_small(dst, src, n);
	else
		__asm__ volatile("rep movsb"
				 : "+D"(end), "+S"(src), "+c"(n)
				 :
				 : "memory");
	return dst;
}

void *mempcpy(void *restrict dst, const void *restrict src, size_t n)
{
	return (char *)memcpy(dst, src, n) + n;
}

/*
 * @dst begins inside the source, so the end is copied first. Words go down
 * one by one: `rep movsb` backwards would take a cycle or more per byte.
 */
static void copy_backwards(char *dst, const char *src, size_t n)
{
	while (n >= sizeof(word64)) {
		n -= sizeof(word64);
		*(word64 *)(dst + n) = *(const word64 *)(src + n);
	}
	while (n--)
		dst[n] = src[n];
}

void *memmove(void *dst, const void *src, size_t n)
{
	if (n <= SMALL_BYTES)
		copy_small(dst, src, n);
	else if ((uintptr_t)dst - (uintptr_t)src >= n)
		memcpy(dst, src, n);
	else
		copy_backwards(dst, src, n);
	return dst;
}

void *memccpy(void *restrict dst, const void *restrict src, int c, size_t n)
{
	char *end = memchr(src, c, n);

	if (!end) {
		memcpy(dst, src, n);
		return NULL;
	}
	return mempcpy(dst, src, (size_t)(end + 1 - (char *)src));
}

void bcopy(const void *src, void *dst, size_t n)
{
	memmove(dst, src, n);
}
