// build: -D_GNU_SOURCE -Wno-alloc-size-larger-than -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, programs overwrite each other's memory or lose it: random
 * calls against a model that remembers what each block should contain, with
 * every invariant checked as they go, and with every port call failing once.
 */
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

static void fail(const char *name, const char *got, const char *want)
{
	printf("FAIL %s: got %s, want %s (seed %lu)\n", name, got, want, seed);
	failures++;
}

static void pass_if(const char *name, int before)
{
	if (failures == before)
		printf("PASS %s\n", name);
}

static uint64_t next_random(void)
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
static size_t random_bytes(void)
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

static bool check_slot(struct slot *s)
{
	for (size_t i = 0; i < s->bytes; i++)
		if (s->mem[i] != s->fill)
			return false;
	return true;
}

static void fill_slot(struct slot *s, void *mem, size_t bytes)
{
	s->mem = mem;
	s->bytes = bytes;
	s->fill = next_random();
	memset(mem, s->fill, bytes);
}

static void step_alloc(struct slot *s)
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

static void step_resize(struct slot *s)
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

static void step(void)
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

static void free_all(void)
{
	for (int i = 0; i < NR_SLOTS; i++) {
		if (slots[i].mem && !check_slot(&slots[i]))
			fail("free_all", "overwritten block", "its contents");
		free(slots[i].mem);
		slots[i].mem = NULL;
	}
}

static void check_heap(const char *name)
{
	const char *wrong = __heap_check(NULL);

	if (wrong)
		fail(name, wrong, "a sound heap");
}

/* What is left when everything was freed and given back. */
static void check_nothing_lost(const char *name)
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

static void test_churn(const char *name, int mode, int nr_steps)
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

/* The break refuses: regions must do, and go back when they are empty. */
static void test_without_break(void)
{
	int before = failures;

	test_no_break = true;
	test_churn("malloc_without_break_uses_regions",
		   MALLOC_MODE_DEFAULT, 5000);
	test_no_break = false;
	pass_if("malloc_without_break_gives_back", before);
}

/* Whatever little is left of a region when the next one begins. */
static void test_region_ends(void)
{
	static const char name[] = "malloc_region_ends_anywhere";
	int before = failures;

	test_no_break = true;
	mallopt(M_MMAP_MAX, 0);
	for (size_t left = 32; left < 160; left += 16) {
		void *most = malloc((1 << 20) - left - 8);
		void *next = malloc(100000);

		check_heap(name);
		free(most);
		check_heap(name);
		free(next);
		check_nothing_lost(name);
	}
	test_no_break = false;
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	pass_if(name, before);
}

/* The n-th request to the system fails, for every n of a short run. */
static void test_each_port_call_fails(void)
{
	int before = failures;

	for (unsigned long n = 1; n < 60 && failures == before; n++) {
		test_port_calls = 0;
		test_fail_at = n;
		for (int i = 0; i < 300; i++)
			step();
		check_heap("malloc_port_failure_is_null");
		test_fail_at = 0;
		check_nothing_lost("malloc_port_failure_is_null");
	}
	pass_if("malloc_port_failure_is_null", before);
}

/* No memory at all: NULL and ENOMEM, and a live block is as it was. */
static void test_no_memory(void)
{
	int before = failures;
	struct slot kept = { 0 };

	fill_slot(&kept, malloc(1000), 1000);
	test_errno = 0;
	if (malloc(PTRDIFF_MAX) || malloc(SIZE_MAX) || calloc(1UL << 33, 1UL << 33) ||
	    realloc(kept.mem, SIZE_MAX) || memalign(64, SIZE_MAX - 100) ||
	    reallocarray(kept.mem, SIZE_MAX / 2, 3) || pvalloc(SIZE_MAX))
		fail("malloc_too_large_is_null", "a block", "NULL");
	if (test_errno != 12)
		fail("malloc_too_large_is_null", "another errno", "ENOMEM");
	if (!check_slot(&kept))
		fail("malloc_too_large_is_null", "a damaged block", "intact");
	free(kept.mem);
	check_nothing_lost("malloc_too_large_is_null");
	pass_if("malloc_too_large_is_null", before);
}

/* Somebody else moves the break: their bytes stay theirs. */
static void test_foreign_break(void)
{
	static const char name[] = "malloc_survives_foreign_sbrk";
	int before = failures;
	char *foreign;

	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 60; i++)
			step();
		foreign = port_sbrk(100 + round * 997);
		memset(foreign, 0x5a, 100 + round * 997);
		for (int i = 0; i < 60; i++)
			step();
		check_heap(name);
		for (int i = 0; i < 100 + round * 997; i++)
			if (foreign[i] != 0x5a) {
				fail(name, "overwritten", "untouched");
				break;
			}
	}
	free_all();
	check_heap(name);
	__malloc_thread_exit();
	if (__heap_reset())
		fail(name, "chunks in use", "none");
	test_brk = 0;
	memset(test_heap, 0, sizeof(test_heap));
	pass_if(name, before);
}

static void expect(const char *name, long got, long want)
{
	char a[30], b[30];

	if (got == want)
		return;
	snprintf(a, sizeof(a), "%ld", got);
	snprintf(b, sizeof(b), "%ld", want);
	fail(name, a, b);
}

/* The classic figures, as break positions after each step. */
static void test_figures(const char *name, int mode, const long *want)
{
	int before = failures;
	void *a, *b, *c, *d;

	mallopt(M_MODE, mode);
	a = malloc(30 * 1024);
	expect(name, test_brk, want[0]);
	b = malloc(40 * 1024);
	expect(name, test_brk, want[1]);
	c = malloc(200 * 1024);
	expect(name, test_brk, want[1]);
	expect(name, (uintptr_t)c % 4096, 16);
	d = malloc(100 * 1024);
	expect(name, test_brk, want[2]);
	free(c);
	free(b);
	expect(name, test_brk, want[2]);
	free(d);
	expect(name, test_brk, want[3]);
	expect(name, malloc_trim(0), want[4]);
	expect(name, test_brk, 32768);
	free(a);
	expect(name, test_brk, 32768);
	expect(name, malloc_trim(0), 1);
	expect(name, test_brk, 4096);
	check_nothing_lost(name);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	pass_if(name, before);
}

static void test_first_pool(void)
{
	static const char name[] = "malloc_first_pool_is_132k";
	int before = failures;
	char *p = malloc(1), *q = malloc(1);

	expect(name, test_brk, 135168);
	expect(name, *(uint32_t *)(p - 8), 0x21);
	expect(name, malloc_usable_size(p), 24);
	expect(name, q - p, 32);
	free(p);
	free(q);
	expect(name, (long)malloc(24), (long)q);
	free(q);
	check_nothing_lost(name);
	pass_if(name, before);
}

static void test_threshold(void)
{
	static const char name[] = "malloc_threshold_is_a_line";
	int before = failures;
	void *heap = malloc(131071), *mapped = malloc(131072);

	expect(name, (*(uint32_t *)((char *)heap - 8) & 2), 0);
	expect(name, (*(uint32_t *)((char *)mapped - 8) & 2), 2);
	free(heap);
	free(mapped);
	expect(name, mallopt(M_MMAP_THRESHOLD, 8000), 1);
	mapped = malloc(8000);
	expect(name, (*(uint32_t *)((char *)mapped - 8) & 2), 2);
	free(mapped);
	expect(name, mallopt(M_MMAP_MAX, 0), 1);
	heap = malloc(300000);
	expect(name, (*(uint32_t *)((char *)heap - 8) & 2), 0);
	free(heap);
	expect(name, mallopt(99, 0), 0);
	expect(name, mallopt(M_MXFAST, 161), 0);
	expect(name, mallopt(M_MXFAST, 160), 1);
	check_nothing_lost(name);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	pass_if(name, before);
}

/* A free chunk is written to: the walker says so, and follows no such link. */
static void test_walker_survives(void)
{
	static const char name[] = "malloc_walker_survives_a_broken_list";
	uintptr_t *first = malloc(50000), *wall = malloc(100), good;
	void *where = NULL;
	int before = failures;

	free(first);
	for (int field = 0; field < 2; field++) {
		good = first[field];
		first[field] ^= 0x5a5a5a5a5a5a5a58;
		expect(name, __heap_check(&where) != NULL, 1);
		expect(name, (char *)where - ((char *)first - 16), 0);
		first[field] = good;
	}
	check_heap(name);
	free(wall);
	check_nothing_lost(name);
	pass_if(name, before);
}

/* Freed mappings that are asked for again stay, until their memory is needed. */
static void test_kept_mappings(void)
{
	static const char name[] = "malloc_keeps_mappings_that_come_back";
	int before = failures;
	void *first = NULL;

	for (int i = 0; i < 100; i++) {
		void *mem = malloc(150000 + i * 400);

		expect(name, (*(uint32_t *)((char *)mem - 8) & 2), 2);
		if (i == 50) {
			first = mem;
			test_port_calls = 0;
		}
		expect(name, i > 50 && mem != first, 0);
		free(mem);
	}
	expect(name, test_port_calls, 0);
	test_map_limit = test_mapped_bytes + 60000;
	test_no_break = true;
	free(malloc(250000));
	expect(name, test_mapped_bytes < test_map_limit, 1);
	first = malloc(250000);
	expect(name, first != NULL, 1);
	expect(name, malloc(250000) != NULL, 0);
	free(first);
	test_map_limit = SIZE_MAX;
	test_no_break = false;
	check_nothing_lost(name);
	pass_if(name, before);
}

/* Freed top down, 40 MB must not cost a system call per few blocks. */
static void test_trim_calls(void)
{
	static const char name[] = "malloc_trims_in_steps";
	static void *blocks[20000];
	int before = failures;

	test_port_calls = 0;
	for (int i = 0; i < 20000; i++)
		blocks[i] = malloc(2000);
	if (test_port_calls > 250)
		expect(name, test_port_calls, 250);
	for (int i = 20000; i-- > 0; )
		free(blocks[i]);
	if (test_brk > 1 << 20)
		expect(name, test_brk, 1 << 20);
	for (int i = 0; i < 20000; i++)
		blocks[i] = malloc(200);
	for (int i = 20000; i-- > 0; )
		free(blocks[i]);
	if (test_brk > 1 << 20)
		expect(name, test_brk, 1 << 20);
	check_nothing_lost(name);
	pass_if(name, before);
}

/* A growing block spreads behind if that suffices, else it moves. */
static void test_realloc_spreads(void)
{
	static const char name[] = "malloc_realloc_takes_what_is_free_behind";
	int before = failures;
	char *a, *b, *c, *d;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);
	a = malloc(40000);
	b = malloc(40000);
	c = malloc(40000);
	d = malloc(1000);
	memset(b, 0x5b, 40000);
	free(c);
	expect(name, realloc(b, 70000) == b, 1);
	free(a);
	a = realloc(b, 100000);
	expect(name, a != b, 1);
	for (int i = 0; i < 40000; i++)
		if (a[i] != 0x5b) {
			fail(name, "other contents", "the same");
			break;
		}
	expect(name, realloc(a, 120000) == a, 1);	/* top grows */
	check_heap(name);
	free(a);
	free(d);
	check_nothing_lost(name);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	pass_if(name, before);
}

/* With all options for finding bugs: the same calls, the same answers. */
static void test_careful(void)
{
	static const char name[] = "malloc_careful_options_change_nothing";
	int before = failures;

	mallopt(M_ZERO, 1);
	mallopt(M_QUARANTINE, 100000);
	mallopt(M_GUARD, 1);
	mallopt(M_RANDOM, 1);
	for (int i = 0; i < 10000 && failures == before; i++) {
		step();
		check_heap(name);
	}
	free_all();
	mallopt(M_QUARANTINE, 0);
	mallopt(M_GUARD, 0);
	mallopt(M_RANDOM, 0);
	mallopt(M_ZERO, 0);
	check_nothing_lost(name);
	pass_if(name, before);
}

static int nr_events[MALLOC_EVENT_UNMAP + 1];

static void count_event(const struct malloc_event *event)
{
	nr_events[event->kind]++;
}

/* One free() merges and trims: the observer must see both. */
static void test_events(void)
{
	static const char name[] = "malloc_events_tell_merge_and_trim";
	int before = failures;
	void *b, *c, *d;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);
	__malloc_set_event_hook(count_event);
	b = malloc(40 * 1024);
	c = malloc(200 * 1024);
	d = malloc(100 * 1024);
	free(c);
	free(b);
	expect(name, nr_events[MALLOC_EVENT_COALESCE], 0);
	free(d);
	__malloc_set_event_hook(NULL);
	expect(name, nr_events[MALLOC_EVENT_ALLOC], 2);
	expect(name, nr_events[MALLOC_EVENT_GROW], 2);
	expect(name, nr_events[MALLOC_EVENT_MAP], 1);
	expect(name, nr_events[MALLOC_EVENT_UNMAP], 1);
	expect(name, nr_events[MALLOC_EVENT_FREE], 2);
	expect(name, nr_events[MALLOC_EVENT_COALESCE], 2);
	expect(name, nr_events[MALLOC_EVENT_TRIM], 1);
	check_nothing_lost(name);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	pass_if(name, before);
}

int main(int argc, char **argv)
{
	static const long textbook[] = { 32768, 73728, 176128, 32768, 0 };
	static const long standard[] = { 135168, 135168, 307200, 163840, 1 };

	seed = argc > 1 ? strtoul(argv[1], NULL, 0) : (uint64_t)time(NULL);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("seed %lu\n", seed);
	test_first_pool();
	test_figures("malloc_textbook_figures", MALLOC_MODE_TEXTBOOK, textbook);
	test_figures("malloc_default_figures", MALLOC_MODE_DEFAULT, standard);
	test_threshold();
	test_no_memory();
	test_events();
	test_walker_survives();
	test_kept_mappings();
	test_trim_calls();
	test_realloc_spreads();
	test_careful();
	test_churn("malloc_churn_textbook", MALLOC_MODE_TEXTBOOK, 10000);
	test_churn("malloc_churn_default", MALLOC_MODE_DEFAULT, 20000);
	test_churn("malloc_churn_glibc", MALLOC_MODE_GLIBC, 10000);
	test_without_break();
	test_region_ends();
	test_each_port_call_fails();
	test_foreign_break();
	return failures != 0;
}
