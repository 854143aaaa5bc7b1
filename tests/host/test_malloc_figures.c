// build: -D_GNU_SOURCE -Wno-alloc-size-larger-than -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, the heap does not look as the manual says: where the break is
 * after each step, what is mapped, merged, kept and given back, in each mode.
 */
#include "malloc_churn.h"

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
		void *mem = malloc(190000 - i * 400);

		expect(name, (*(uint32_t *)((char *)mem - 8) & 2), 2);
		if (i == 50) {
			first = mem;
			test_port_calls = 0;
		}
		expect(name, i > 50 && mem != first, 0);
		free(mem);
	}
	expect(name, test_port_calls, 0);
	test_map_limit = test_mapped_bytes + 100000;
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

	tests_begin(argc, argv);
	test_first_pool();
	test_figures("malloc_textbook_figures", MALLOC_MODE_TEXTBOOK, textbook);
	test_figures("malloc_default_figures", MALLOC_MODE_DEFAULT, standard);
	test_threshold();
	test_events();
	test_walker_survives();
	test_kept_mappings();
	test_trim_calls();
	test_realloc_spreads();
	return failures != 0;
}
