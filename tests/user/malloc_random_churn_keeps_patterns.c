/*
 * Two blocks that overlap, a block that moves without its contents, or one that
 * is not aligned: any program would compute with foreign data. The seed is
 * printed; the same seed as an argument repeats the run.
 */
// guest: TIMEOUT=180
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

#define NR_BLOCKS 500
#define ROUNDS 40000

static struct block {
	unsigned char *mem;
	size_t bytes;
	unsigned char pattern;
} blocks[NR_BLOCKS];

static unsigned long seed;

static unsigned long next_random(unsigned long below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % below;
}

/* Mostly small, sometimes of many pages, rarely beyond the mmap threshold. */
static size_t random_bytes(void)
{
	switch (next_random(20)) {
	case 0:
		return next_random(300000);
	case 1:
	case 2:
		return next_random(20000);
	default:
		return next_random(600);
	}
}

/* Large blocks: both ends and a byte of each page are enough. */
static size_t stride_of(const struct block *block)
{
	return block->bytes > 4096 ? 509 : 1;
}

static void fill(struct block *block)
{
	block->pattern = (unsigned char)next_random(256);
	for (size_t i = 0; i < block->bytes; i += stride_of(block))
		block->mem[i] = block->pattern;
	if (block->bytes)
		block->mem[block->bytes - 1] = block->pattern;
}

static void check_pattern(const struct block *block, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += stride_of(block))
		CHECK_EQ(block->mem[i], block->pattern);
}

static void allocate(struct block *block)
{
	size_t align = 16;

	block->bytes = random_bytes();
	switch (next_random(4)) {
	case 0:
		block->mem = calloc(1, block->bytes);
		for (size_t i = 0; block->mem && i < block->bytes; i++)
			CHECK_EQ(block->mem[i], 0);
		break;
	case 1:
		align = 16UL << next_random(9);
		block->mem = aligned_alloc(align, block->bytes);
		break;
	default:
		block->mem = malloc(block->bytes);
	}
	CHECK(block->mem != NULL);
	CHECK_EQ((uintptr_t)block->mem % align, 0);
	CHECK(malloc_usable_size(block->mem) >= block->bytes);
	fill(block);
}

static void resize(struct block *block)
{
	size_t bytes = 1 + random_bytes();
	size_t stride = stride_of(block);
	size_t keep = bytes < block->bytes ? bytes : block->bytes;
	unsigned char *mem = realloc(block->mem, bytes);

	CHECK(mem != NULL);
	for (size_t i = 0; i < keep; i += stride)
		CHECK_EQ(mem[i], block->pattern);
	block->mem = mem;
	block->bytes = bytes;
	fill(block);
}

static void release(struct block *block)
{
	check_pattern(block, block->bytes);
	free(block->mem);
	block->mem = NULL;
}

static void churn(enum malloc_mode mode)
{
	void *where;

	CHECK_EQ(mallopt(M_MODE, mode), 1);
	for (int round = 0; round < ROUNDS; round++) {
		struct block *block = &blocks[next_random(NR_BLOCKS)];

		if (!block->mem)
			allocate(block);
		else if (next_random(4) == 0)
			resize(block);
		else
			release(block);
		if (round % 5000 == 0)
			CHECK(__heap_check(&where) == NULL);
	}
	for (int i = 0; i < NR_BLOCKS; i++)
		if (blocks[i].mem)
			release(&blocks[i]);
	CHECK(__heap_check(&where) == NULL);
}

int main(int argc, char **argv)
{
	seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 20260103;
	dprintf(1, "seed %lu\n", seed);
	churn(MALLOC_MODE_TEXTBOOK);
	churn(MALLOC_MODE_DEFAULT);
	churn(MALLOC_MODE_GLIBC);
	return check_passed();
}
