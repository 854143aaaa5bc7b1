/*
 * Pseudo-random numbers: a 64-bit linear congruential generator whose upper
 * bits are used, the lower ones of such a generator being poor. Its numbers
 * are not glibc's; the standard promises none.
 */
#include <stdint.h>
#include <stdlib.h>

#define MULTIPLIER	6364136223846793005UL	/* Knuth's, MMIX */
#define INCREMENT	1442695040888963407UL

static uint64_t state = 1;

static int step(uint64_t *x)
{
	*x = *x * MULTIPLIER + INCREMENT;
	return (int)(*x >> 33);
}

void srand(unsigned int seed)
{
	state = seed;
}

int rand(void)
{
	return step(&state);
}

/* All the state there is room for is the seed, so it repeats after 2^32. */
int rand_r(unsigned int *seed)
{
	uint64_t x = *seed;
	int number = step(&x);

	*seed = (unsigned int)(x >> 16);
	return number;
}

void srandom(unsigned int seed)
{
	srand(seed);
}

long random(void)
{
	return rand();
}
