/*
 * align.c - the five functions for memory at a multiple of more than sixteen,
 * each with its own idea of which alignments are errors.
 */
#include "../include/malloc.h"

#include "heap.h"

void *aligned_alloc(size_t alignment, size_t n)
{
	if (alignment && !(alignment & (alignment - 1)))	/* a power of two */
		return heap_alloc(n, max_size(alignment, CHUNK_ALIGN), false);
	port_errno(PORT_EINVAL);
	return NULL;
}

/* The one that takes any alignment, and rounds it up to a power of two. */
void *memalign(size_t alignment, size_t n)
{
	size_t power = CHUNK_ALIGN;

	while (power && power < alignment)
		power *= 2;	/* 0, if there is none so high: an error */
	return aligned_alloc(power, n);
}

/* The one whose result is the error. */
int posix_memalign(void **result, size_t alignment, size_t n)
{
	void *mem;

	if (!alignment || alignment & (alignment - 1) || alignment % sizeof(void *))
		return PORT_EINVAL;
	mem = aligned_alloc(alignment, n);
	if (mem)
		*result = mem;
	return mem ? 0 : PORT_ENOMEM;
}

void *valloc(size_t n)
{
	return aligned_alloc(PORT_PAGE_BYTES, n);
}

void *pvalloc(size_t n)
{
	/* What cannot be rounded up is too much as it is. */
	return valloc(max_size(n, page_align_up(n)));
}
