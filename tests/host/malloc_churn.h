/*
 * malloc_churn.h - random calls against a model that remembers what each block
 * should contain, and what every test of a whole heap begins and ends with.
 *
 * Include it once. main() has tests_begin() in front; `seed` is printed, and an
 * argument repeats a run.
 */
#pragma once

#include "malloc_test_port.h"

#include <stdlib.h>
#include <time.h>

#include "../../libc/include/malloc.h"

#define NR_SLOTS	200

struct slot {
	unsigned char *mem;
	size_t bytes;
	unsigned char fill;
};

static struct slot slots[NR_SLOTS];
static uint64_t seed;
static int failures;

static inline void tests_begin(int argc, char **argv)
{
	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : (uint64_t)time(NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("seed %lu\n", seed);
}

/* ---- verdicts ---- */

static inline void fail(const char *name, const char *got, const char *want)
{
	printf("FAIL %s: got %s, want %s (seed %lu)\n", name, got, want, seed);
	failures++;
}

static inline void expect(const char *name, long got, long want)
{
	char a[30], b[30];

	if (got == want)
		return;
	snprintf(a, sizeof(a), "%ld", got);
	snprintf(b, sizeof(b), "%ld", want);
	fail(name, a, b);
}

static inline void pass_if(const char *name, int before)
{
	if (failures == before)
		printf("PASS %s\n", name);
}

/* ---- random calls ---- */

static inline uint64_t next_random(void)
{
	static uint64_t state;

	if (!state)
		state = seed | 1;
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Mostly small, sometimes around the threshold or far above it. */
static inline size_t random_bytes(void)
{
	switch (next_random() % 16) {
	case 0:
		return 131072 - 40 + next_random() % 80;
	case 1:
		return next_random() % 400000;
	case 2:
	case 3:
	case 4:
		return next_random() % 20000;
	default:
		return next_random() % 600;
	}
}

static inline bool check_slot(struct slot *s)
{
	for (size_t i = 0; i < s->bytes; i++)
		if (s->mem[i] != s->fill)
			return false;
	return true;
}

static inline void fill_slot(struct slot *s, void *mem, size_t bytes)
{
	s->mem = mem;
	s->bytes = bytes;
	s->fill = next_random();
	memset(mem, s->fill, bytes);
}

static inline void step_alloc(struct slot *s)
{
	size_t bytes = random_bytes(), align = 16UL << next_random() % 10;
	unsigned char *mem;

	switch (next_random() % 4) {
	case 0:
		mem = calloc(1, bytes);
		for (size_t i = 0; mem && i < bytes; i++)
			if (mem[i]) {
				fail("churn", "dirty calloc", "zeroes");
				break;
			}
		break;
	case 1:
		mem = memalign(align, bytes);
		if ((uintptr_t)mem % align)
			fail("churn", "misaligned memalign", "aligned");
		break;
	default:
		mem = malloc(bytes);
	}
	if (!mem)
		return;
	if ((uintptr_t)mem % 16 || malloc_usable_size(mem) < bytes)
		fail("churn", "short or misaligned block", "what was asked");
	fill_slot(s, mem, bytes);
}

static inline void step_resize(struct slot *s)
{
	size_t bytes = random_bytes() + 1;
	struct slot prefix = *s;
	unsigned char *mem = realloc(s->mem, bytes);

	if (!mem)
		return;
	prefix.mem = mem;
	if (prefix.bytes > bytes)
		prefix.bytes = bytes;
	if (!check_slot(&prefix))
		fail("churn", "contents changed by realloc", "the same");
	fill_slot(s, mem, bytes);
}

static inline void step(void)
{
	struct slot *s = &slots[next_random() % NR_SLOTS];

	if (!s->mem) {
		step_alloc(s);
		return;
	}
	if (!check_slot(s))
		fail("churn", "overwritten block", "its own contents");
	if (next_random() % 3 == 0) {
		step_resize(s);
		return;
	}
	free(s->mem);
	s->mem = NULL;
	if (next_random() % 500 == 0)
		malloc_trim(next_random() % 100000);
}

/* ---- the heap as a whole ---- */

static inline void free_all(void)
{
	for (int i = 0; i < NR_SLOTS; i++) {
		if (slots[i].mem && !check_slot(&slots[i]))
			fail("free_all", "overwritten block", "its contents");
		free(slots[i].mem);
		slots[i].mem = NULL;
	}
}

static inline void check_heap(const char *name)
{
	const char *wrong = __heap_check(NULL);

	if (wrong)
		fail(name, wrong, "a sound heap");
}

/* What is left when everything was freed and given back. */
static inline void check_nothing_lost(const char *name)
{
	free_all();
	__malloc_thread_exit();
	if (__heap_reset())
		fail(name, "chunks in use", "none");
	if (test_brk)
		fail(name, "a break that stays up", "the first one");
	if (test_mapped_bytes)
		fail(name, "mappings left", "none");
}

static inline void churn(const char *name, int mode, int nr_steps)
{
	int before = failures;

	mallopt(M_MODE, mode);
	for (int i = 0; i < nr_steps && failures == before; i++) {
		step();
		check_heap(name);
	}
	check_nothing_lost(name);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	pass_if(name, before);
}
