// build: -D_GNU_SOURCE -Wno-alloc-size-larger-than -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, a system that has no more memory, or no break at all, is the
 * end of a program that could have gone on: every port call fails once.
 */
#include "../../libc/malloc/arena.h"
#include "../../libc/malloc/tcache.h"
#include "malloc_churn.h"

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

/* The break refuses: regions must do, and go back when they are empty. */
static void test_without_break(void)
{
	int before = failures;

	test_no_break = true;
	churn("malloc_without_break_uses_regions", MALLOC_MODE_DEFAULT, 5000);
	test_no_break = false;
	pass_if("malloc_without_break_gives_back", before);
}

/* Two who allocate do not get the same arena because one who frees began in between. */
static void test_arenas_are_for_allocating(void)
{
	static const char name[] = "malloc_arenas_go_to_those_who_allocate";
	struct tcache *self, *threads[3];
	int before = failures;
	void *mem = malloc(100);

	self = tcache;
	for (int i = 0; i < 3; i++) {
		tcache = (struct tcache *)&tcache_none;		/* to be a thread */
		free(i == 1 ? mem : malloc(100));
		threads[i] = tcache;
	}
	if (threads[0]->arena == threads[2]->arena)
		fail(name, "the same arena twice", "each in turn");
	for (int i = 0; i < 3; i++) {
		tcache = threads[i];
		__malloc_thread_exit();
	}
	tcache = self;
	check_nothing_lost(name);
	pass_if(name, before);
}

/* The system has no more, but what another thread's arena has will do. */
static void test_another_arena_serves(void)
{
	static const char name[] = "malloc_takes_from_another_arena";
	static void *blocks[20000];
	struct tcache *self;
	int before = failures, nr = 0;

	free(malloc(100));
	self = tcache;
	tcache = (struct tcache *)&tcache_none;		/* to be a thread is to have a cache */
	free(malloc(100));
	if (tcache->arena == self->arena)
		fail(name, "the same arena", "another");
	for (int i = 0; i < 20000; i++)
		blocks[i] = malloc(1000);
	for (int i = 0; i < 20000; i++)
		free(blocks[i]);
	__malloc_thread_exit();
	tcache = self;
	test_no_break = true;
	test_map_limit = test_mapped_bytes;
	while (nr < 20000 && (blocks[nr] = malloc(nr % 2 ? 1000 : 3000)))
		nr++;
	if (nr < 9000)
		fail(name, "fewer blocks", "9,000");
	while (nr > 0)
		free(blocks[--nr]);
	test_no_break = false;
	test_map_limit = SIZE_MAX;
	check_heap(name);
	check_nothing_lost(name);
	pass_if(name, before);
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

int main(int argc, char **argv)
{
	tests_begin(argc, argv);
	test_no_memory();
	test_without_break();
	test_another_arena_serves();
	test_arenas_are_for_allocating();
	test_region_ends();
	test_each_port_call_fails();
	return failures != 0;
}
