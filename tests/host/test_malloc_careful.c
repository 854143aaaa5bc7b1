// build: -idirafter kernel/include -D_GNU_SOURCE -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, the options for finding bugs miss them, or report some that
 * nobody has made: each option's effect, and changes of them in mid-flight.
 */
#include "malloc_test_port.h"

#include <stdlib.h>

#include "../../libc/include/malloc.h"

#define NR_BLOCKS	100

static int failures;

static void expect(const char *name, long got, long want)
{
	if (got == want)
		return;
	printf("FAIL %s: got %ld, want %ld\n", name, got, want);
	failures++;
}

static void pass_if(const char *name, int before)
{
	if (failures == before)
		printf("PASS %s\n", name);
}

static void set_all(int value)
{
	static const int params[] = {
		M_PERTURB, M_ZERO, M_QUARANTINE, M_GUARD, M_RANDOM,
	};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		mallopt(params[i], value);
}

/* What waits is nobody's loss: with the options off, all of it is free. */
static void check_nothing_lost(const char *name)
{
	set_all(0);
	__malloc_thread_exit();
	expect(name, __heap_reset(), 0);
	expect(name, test_brk, 0);
	expect(name, test_mapped_bytes, 0);
}

/* How many of the @n bytes at @mem are @value? */
static size_t count(const unsigned char *mem, size_t n, int value)
{
	size_t nr = 0;

	for (size_t i = 0; i < n; i++)
		nr += mem[i] == value;
	return nr;
}

static void test_perturb(void)
{
	static const char name[] = "malloc_perturb_fills_new_and_freed";
	int before = failures;
	unsigned char *p;

	mallopt(M_PERTURB, 0xaa);
	p = malloc(5000);
	free(malloc(10));	/* p does not border on top, which may go */
	expect(name, count(p, 5000, 0x55), 5000);
	free(p);
	expect(name, count(p + 64, 4900, 0xaa), 4900);
	p = calloc(1, 5000);
	expect(name, count(p, 5000, 0), 5000);
	free(p);
	p = malloc(200000);	/* a mapping: filled as well, as by glibc */
	expect(name, count(p, 200000, 0x55), 200000);
	free(p);
	p = calloc(1, 200000);
	expect(name, count(p, 200000, 0), 200000);
	free(p);
	check_nothing_lost(name);
	pass_if(name, before);
}

static void test_zero(void)
{
	static const char name[] = "malloc_zero_wipes_freed";
	int before = failures;
	unsigned char *p, *shrunk, *fence;

	mallopt(M_ZERO, 1);
	p = malloc(5000);
	fence = malloc(10);
	memset(p, 0x77, 5000);
	free(p);
	/* Links lie in front, and any of their bytes may be 0x77. */
	expect(name, count(p + 64, 4900, 0x77), 0);
	p = malloc(5000);
	memset(p, 0x77, 5000);
	shrunk = realloc(p, 1000);	/* the tail is freed, too */
	expect(name, count(p + 1100, 3800, 0x77), 0);
	free(shrunk);
	free(fence);
	check_nothing_lost(name);
	pass_if(name, before);
}

static void test_quarantine(void)
{
	static const char name[] = "malloc_quarantine_delays_reuse";
	int before = failures, reused = 0;
	void *first, *p = NULL;

	mallopt(M_QUARANTINE, 64 * 1008);
	first = malloc(1000);
	free(first);
	for (int i = 0; i < 63; i++) {
		p = malloc(1000);
		reused += p == first;
		free(p);
	}
	expect(name, reused, 0);
	for (int i = 0; i < 63 && p != first; i++) {
		p = malloc(1000);
		free(p);
	}
	expect(name, p == first, 1);
	check_nothing_lost(name);
	pass_if(name, before);
}

/* One large block makes room for itself by many small ones. */
static void test_quarantine_bytes(void)
{
	static const char name[] = "malloc_quarantine_holds_what_it_may";
	int before = failures;

	mallopt(M_QUARANTINE, 100000);
	for (int i = 0; i < 1000; i++)
		free(malloc(100));
	for (int i = 0; i < 1000; i++) {
		free(malloc(5000));
		if (mallinfo2().uordblks > 100000)
			expect(name, mallinfo2().uordblks, 100000);
	}
	check_nothing_lost(name);
	pass_if(name, before);
}

static void test_random(void)
{
	static const char name[] = "malloc_random_moves_blocks";
	int before = failures, moved = 0;
	char *last = NULL;

	mallopt(M_RANDOM, 1);
	for (int i = 0; i < NR_BLOCKS; i++) {
		char *p = malloc(100);

		expect(name, (uintptr_t)p % 16, 0);
		moved += p != last;
		last = p;
		free(p);
	}
	expect(name, moved > NR_BLOCKS / 2, 1);
	check_nothing_lost(name);
	pass_if(name, before);
}

/* The block ends at its guard, give or take what alignment asks for. */
static void test_guard(void)
{
	static const char name[] = "malloc_guard_ends_mapped_blocks";
	int before = failures;

	mallopt(M_GUARD, 1);
	for (size_t n = 200000; n < 200000 + 4096; n += 97) {
		char *p = malloc(n);
		size_t usable = malloc_usable_size(p);

		memset(p, 1, usable);
		expect(name, usable - n < 16, 1);
		expect(name, (uintptr_t)(p + usable) % 4096, 0);
		p = realloc(p, n - 50000);
		usable = malloc_usable_size(p);
		expect(name, usable - (n - 50000) < 16, 1);
		expect(name, (uintptr_t)(p + usable) % 4096, 0);
		p = realloc(p, n);
		memset(p, 1, n);
		p = realloc(p, n + 5000);
		expect(name, count((unsigned char *)p, n, 1), n);
		p = realloc(p, 300);
		expect(name, count((unsigned char *)p, 300, 1), 300);
		free(p);
	}
	check_nothing_lost(name);
	pass_if(name, before);
}

/* What was filled as the old options said is not judged by the new ones. */
static void test_changes(void)
{
	static const char name[] = "malloc_options_change_with_blocks_waiting";
	static const int params[] = {
		M_PERTURB, M_ZERO, M_QUARANTINE, M_GUARD, M_RANDOM, M_CACHE,
	};
	void *blocks[NR_BLOCKS] = { 0 };
	jmp_buf fatal;
	int before = failures;

	test_fatal = &fatal;
	if (setjmp(fatal)) {
		printf("FAIL %s: got \"%.*s\", want silence\n", name,
		       (int)strcspn(test_message, "\n"), test_message);
		failures++;
		return;
	}
	for (int i = 0; i < 20000; i++) {
		int param = params[rand() % 6], slot = rand() % NR_BLOCKS;

		if (i % 50 == 0 && !mallopt(param, rand() % 50000))
			mallopt(param, rand() % 2);
		free(blocks[slot]);
		blocks[slot] = malloc(rand() % (i % 20 ? 2000 : 200000));
	}
	for (int i = 0; i < NR_BLOCKS; i++)
		free(blocks[i]);
	mallopt(M_CACHE, 1);
	test_fatal = NULL;
	check_nothing_lost(name);
	pass_if(name, before);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_perturb();
	test_zero();
	test_quarantine();
	test_quarantine_bytes();
	test_random();
	test_guard();
	test_changes();
	return failures != 0;
}
