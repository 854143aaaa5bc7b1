/*
 * align.c - the five functions for memory at a multiple of more than sixteen,
 * each with its own idea of which alignments are errors.
 */
#include "../include/malloc.h"

#include "heap.h"

static bool is_power_of_two(size_t x)
{
	return x && !(x & (x - 1));
}

static void *aligned_or_errno(size_t alignment, size_t n)
{
	void *mem = heap_alloc(n, alignment, false);

	if (!mem)
		port_errno(PORT_ENOMEM);
	return mem;
}

/* The one that takes any alignment, and rounds it up to a power of two. */
void *memalign(size_t alignment, size_t n)
{
	size_t power = CHUNK_ALIGN;

	if (alignment > SIZE_MAX / 2 + 1) {
		port_errno(PORT_EINVAL);
		return NULL;
	}
	while (power < alignment)
		power *= 2;
	return aligned_or_errno(power, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	if (!is_power_of_two(alignment)) {
		port_errno(PORT_EINVAL);
		return NULL;
	}
	return aligned_or_errno(max_size(alignment, CHUNK_ALIGN), n);
}

int posix_memalign(void **result, size_t alignment, size_t n)
{
	void *mem;

	if (!is_power_of_two(alignment) || alignment % sizeof(void *))
		return PORT_EINVAL;
	mem = heap_alloc(n, max_size(alignment, CHUNK_ALIGN), false);
	if (!mem)
		return PORT_ENOMEM;
	*result = mem;
	return 0;
}

void *valloc(size_t n)
{
	return aligned_or_errno(PORT_PAGE_BYTES, n);
}

void *pvalloc(size_t n)
{
	if (n > PTRDIFF_MAX) {
		port_errno(PORT_ENOMEM);
		return NULL;
	}
	return aligned_or_errno(PORT_PAGE_BYTES, page_align_up(n));
}
