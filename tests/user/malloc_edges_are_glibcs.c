/*
 * Programs that work on Linux would not: sizes of zero, sizes that overflow,
 * alignments that are none, each answered as glibc answers them.
 */
#include "check.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

/* volatile, so that gcc does not know better */
static volatile size_t huge = SIZE_MAX, half = SIZE_MAX / 2 + 1;

static void check_sizes(void)
{
	char *p = malloc(0), *q = malloc(0);

	CHECK(p && q && p != q);
	CHECK_EQ(malloc_usable_size(p), 24);
	CHECK_EQ(malloc_usable_size(NULL), 0);
	CHECK_EQ((uintptr_t)p % 16, 0);
	free(p);
	free(q);
	free(NULL);
	p = malloc(25);
	CHECK_EQ(malloc_usable_size(p), 40);
	CHECK(realloc(p, 0) == NULL);
	p = realloc(NULL, 10);
	CHECK(p != NULL);
	free(p);
}

static void check_no_memory(void)
{
	char *p = malloc(10);

	errno = 0;
	CHECK(malloc(huge) == NULL);
	CHECK_EQ(errno, ENOMEM);
	errno = 0;
	CHECK(malloc(half) == NULL);
	CHECK_EQ(errno, ENOMEM);
	errno = 0;
	CHECK(calloc(half, 2) == NULL);
	CHECK_EQ(errno, ENOMEM);
	errno = 0;
	CHECK(reallocarray(p, half, 2) == NULL);
	CHECK_EQ(errno, ENOMEM);
	errno = 0;
	CHECK(aligned_alloc(64, huge - 100) == NULL);
	CHECK_EQ(errno, ENOMEM);
	free(p);
}

static void check_alignment(void)
{
	void *p = &p;

	CHECK_EQ(posix_memalign(&p, 24, 10), EINVAL);
	CHECK_EQ(posix_memalign(&p, 4, 10), EINVAL);
	CHECK(p == &p);
	CHECK_EQ(posix_memalign(&p, 8, 10), 0);
	free(p);
	errno = 0;
	CHECK(aligned_alloc(48, 96) == NULL);
	CHECK_EQ(errno, EINVAL);
	CHECK_EQ((uintptr_t)memalign(48, 10) % 64, 0);
	CHECK_EQ((uintptr_t)valloc(1) % 4096, 0);
	p = pvalloc(10);
	CHECK(malloc_usable_size(p) >= 4096);
	for (size_t alignment = 16; alignment <= 1 << 20; alignment *= 2) {
		p = aligned_alloc(alignment, 200000);
		CHECK_EQ((uintptr_t)p % alignment, 0);
		memset(p, 1, 200000);
		free(p);
	}
}

/* What a program set before a free, it finds after it. */
static void check_errno_kept(void)
{
	void *small = malloc(10), *mapped = malloc(1 << 20);

	errno = 77;
	free(small);
	free(mapped);
	CHECK_EQ(errno, 77);
}

static void check_mallopt(void)
{
	/* Volatile: gcc knows that reading what malloc() left is undefined. */
	void *(*volatile fresh)(size_t) = malloc;

	CHECK_EQ(mallopt(M_MXFAST, 160), 1);
	CHECK_EQ(mallopt(M_MXFAST, 161), 0);
	CHECK_EQ(mallopt(M_ARENA_MAX, -1), 1);
	CHECK_EQ(mallopt(M_CHECK_ACTION, 3), 1);
	CHECK_EQ(mallopt(99, 1), 0);
	CHECK_EQ(mallopt(M_PERTURB, 0xaa), 1);
	CHECK_EQ(*(unsigned char *)fresh(10), 0x55);
	CHECK_EQ(*(unsigned char *)calloc(1, 10), 0);
	CHECK_EQ(mallopt(M_PERTURB, 0), 1);
}

int main(void)
{
	check_sizes();
	check_no_memory();
	check_alignment();
	check_errno_kept();
	check_mallopt();
	CHECK(__heap_check(NULL) == NULL);
	return check_passed();
}
