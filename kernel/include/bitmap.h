/*
 * Bitmaps that hand out small numbers: process ids, slots of kernel stacks.
 */
#pragma once

#include "types.h"

#define BITS_PER_WORD 64
#define BITMAP_WORDS(nr_bits) (((nr_bits) + BITS_PER_WORD - 1) / BITS_PER_WORD)

static inline bool bitmap_test(const uint64_t *map, size_t bit)
{
	return map[bit / BITS_PER_WORD] >> bit % BITS_PER_WORD & 1;
}

static inline void bitmap_set(uint64_t *map, size_t bit)
{
	map[bit / BITS_PER_WORD] |= 1UL << bit % BITS_PER_WORD;
}

static inline void bitmap_clear(uint64_t *map, size_t bit)
{
	map[bit / BITS_PER_WORD] &= ~(1UL << bit % BITS_PER_WORD);
}

/*
 * The first clear bit of [from, nr_bits), or nr_bits when there is none.
 * @nr_bits is a multiple of BITS_PER_WORD.
 */
static inline size_t bitmap_find_clear(const uint64_t *map, size_t nr_bits,
				       size_t from)
{
	size_t word = from / BITS_PER_WORD;
	uint64_t clear;

	if (from >= nr_bits)
		return nr_bits;
	clear = ~map[word] & (~0UL << from % BITS_PER_WORD);
	while (!clear) {
		if (++word == nr_bits / BITS_PER_WORD)
			return nr_bits;
		clear = ~map[word];
	}
	return word * BITS_PER_WORD + (size_t)__builtin_ctzl(clear);
}
