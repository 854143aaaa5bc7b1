/*
 * Copying. `rep movsq` runs at full speed on every CPU with fast strings, is
 * the shortest, and an emulator counts eight bytes of it as one step, not one.
 * Its start-up of some 30 cycles is avoided for small blocks.
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

/*
 * Copy more than 32 bytes upwards. The last word is loaded first, since it may
 * overlap what the loop writes; @dst may lie below @src and overlap it.
 */
static inline void copy_forwards(char *dst, const char *src, size_t n)
{
	word64 *last = (word64 *)(dst + n - sizeof(word64));
	word64 last_word = *(const word64 *)(src + n - sizeof(word64));
	size_t words = n / sizeof(word64);

	__asm__ volatile("rep movsq"
			 : "+D"(dst), "+S"(src), "+c"(words)
			 :
			 : "memory");
	*last = last_word;
}

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	if (n <= SMALL_BYTES)
		copy_small(dst, src, n);
	else
		copy_forwards(dst, src, n);
	return dst;
}

void *mempcpy(void *restrict dst, const void *restrict src, size_t n)
{
	return (char *)memcpy(dst, src, n) + n;
}

/*
 * @dst begins inside the source, so the end is copied first. Words go down
 * one by one: with the direction flag set, `rep movsq` is slow.
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
		copy_forwards(dst, src, n);
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
