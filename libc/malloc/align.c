/*
 * align.c - the five functions for memory at a multiple of more than sixteen,
 * each with its own idea of which alignments are errors.
 */
#include "../include/malloc.h"

#include "heap.h"

/* 0 and the block in *@result; else what is wrong, and that is as it was. */
static int alloc_aligned(void **result, size_t alignment, size_t n)
{
	void *mem;

	if (!alignment || alignment & (alignment - 1))
		return PORT_EINVAL;	/* not a power of two */
	mem = heap_alloc(n, max_size(alignment, CHUNK_ALIGN), false);
	if (!mem)
		return PORT_ENOMEM;
	*result = mem;
	return 0;
}

static void *aligned_or_errno(size_t alignment, size_t n)
{
	void *mem = NULL;
	int err = alloc_aligned(&mem, alignment, n);

	if (err)
		port_errno(err);
	return mem;
}

/* The one that takes any alignment, and rounds it up to a power of two. */
void *memalign(size_t alignment, size_t n)
{
	size_t power = CHUNK_ALIGN;

	while (power && power < alignment)
		power *= 2;	/* 0, if there is none so high: an error */
	return aligned_or_errno(power, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return aligned_or_errno(alignment, n);
}

int posix_memalign(void **result, size_t alignment, size_t n)
{
	if (alignment % sizeof(void *))
		return PORT_EINVAL;
	return alloc_aligned(result, alignment, n);
}

void *valloc(size_t n)
{
	return aligned_or_errno(PORT_PAGE_BYTES, n);
}

void *pvalloc(size_t n)
{
	/* What cannot be rounded up is too much as it is. */
	return aligned_or_errno(PORT_PAGE_BYTES,
				max_size(n, page_align_up(n)));
}
