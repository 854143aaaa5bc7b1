/*
 * Programs would find their data changed: random calls of all kinds, every
 * block checked before its free, every invariant of the heap now and then.
 */
#include "check.h"

#include <malloc.h>
#include <stdlib.h>

#define NR_SLOTS 300

static struct slot {
	unsigned char *mem;
	size_t bytes;
} slots[NR_SLOTS];

static unsigned long next_random(void)
{
	static unsigned long state = 88172645463325252UL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void check_contents(const struct slot *s, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		CHECK_EQ(s->mem[i], (s - slots) & 255);
}

static void fill(struct slot *s, void *mem, size_t bytes)
{
	CHECK(mem != NULL);
	s->mem = mem;
	s->bytes = bytes;
	memset(mem, (int)(s - slots), bytes);
}

static void step(void)
{
	struct slot *s = &slots[next_random() % NR_SLOTS];
	size_t bytes = next_random() % (16UL << next_random() % 15) + 1;

	check_contents(s, s->bytes);
	if (s->mem && next_random() % 3 == 0) {
		s->mem = realloc(s->mem, bytes);
		check_contents(s, bytes < s->bytes ? bytes : s->bytes);
		fill(s, s->mem, bytes);
		return;
	}
	free(s->mem);
	if (next_random() % 4)
		fill(s, malloc(bytes), bytes);
	else
		fill(s, memalign(16UL << next_random() % 9, bytes), bytes);
}

int main(void)
{
	for (int mode = MALLOC_MODE_DEFAULT; mode <= MALLOC_MODE_GLIBC; mode++) {
		CHECK_EQ(mallopt(M_MODE, mode), 1);
		for (int i = 0; i < 5000; i++) {
			step();
			if (i % 100 == 0)
				CHECK(__heap_check(NULL) == NULL);
		}
	}
	for (int i = 0; i < NR_SLOTS; i++) {
		free(slots[i].mem);
		slots[i].mem = NULL;
	}
	CHECK(__heap_check(NULL) == NULL);
	CHECK_EQ(__heap_reset(), 0);
	return check_passed();
}
