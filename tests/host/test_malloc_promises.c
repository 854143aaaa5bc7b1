// build: -D_GNU_SOURCE -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c
/*
 * If these fail, a promise of malloc.h, port.h or README.md is not kept: to who
 * shares the break, aligns much, chooses a mode, or checks the heap.
 */
#include "malloc_churn.h"

#include "../../libc/malloc/arena.h"

static void want(const char *name, long got, long wanted)
{
	int before = failures;

	expect(name, got, wanted);
	pass_if(name, before);
}

/* Enough small blocks that the heap must grow, written to from end to end. */
static void grow_heap(void)
{
	for (int i = 0; i < 500; i++)
		memset(malloc(1000), 1, 1000);
}

/* Somebody takes 64 bytes of the break while malloc rounds it up to a page. */
static void test_break_moves_meanwhile(void)
{
	size_t intact = 0;

	grow_heap();
	test_brk += 100;		/* theirs: it is at no page's end now */
	test_foreign = 64;
	grow_heap();
	for (int i = 0; i < 64; i++)
		intact += test_foreign_start[i] == 0x5a;
	want("malloc_leaves_what_others_take_of_the_break", intact, 64);
	check_heap("malloc_leaves_what_others_take_of_the_break");
}

/* The break moves, but then not up to the end of a page: what there is serves. */
static void test_break_ends_raggedly(void)
{
	size_t brk = test_brk += 100;
	void *mem;

	test_fail_at = test_port_calls + 2;
	mem = memalign(64, 100000);	/* no cache has such a one */
	test_fail_at = 0;
	want("malloc_uses_a_break_that_ends_anywhere",
	     (char *)mem > test_heap + brk && (char *)mem < test_heap + test_brk, true);
	check_heap("malloc_uses_a_break_that_ends_anywhere");
	free(mem);
}

/* glibc compares what it has to ask for: size and alignment. */
static void test_large_alignment(void)
{
	size_t brk = test_brk;
	void *mem = memalign(1 << 20, 16);

	want("memalign_to_a_megabyte_moves_no_break", test_brk - brk, 0);
	want("memalign_to_a_megabyte_is_mapped", mallinfo2().hblks, 1);
	free(mem);
}

static void test_glibc_mode_sizes(void)
{
	void *freed, *between, *mem;

	mallopt(M_MODE, MALLOC_MODE_GLIBC);
	freed = malloc(40);
	between = malloc(300);
	free(freed);
	mem = malloc(24);
	free(between);
	free(mem);
	want("malloc_glibc_mode_takes_no_larger_cached_chunk", mem == freed, false);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
}

static void test_reset_with_a_mapping(void)
{
	void *mem;

	__heap_reset();
	mem = malloc(300000);
	want("heap_reset_refuses_while_a_block_is_mapped", __heap_reset(), -1);
	free(mem);
	want("heap_reset_agrees_when_it_is_not", __heap_reset(), 0);
}

/* What is lent to blocks that grow comes back even if nothing is kept when they are freed. */
static void test_lent_comes_back(void)
{
	void *grown = NULL;
	size_t calls;

	for (int i = 0; i < 60; i++) {
		grown = realloc(malloc(100000), 2 << 20);
		mallopt(M_CACHE, i % 2);
		free(grown);
		mallopt(M_CACHE, 1);
		for (int j = 0; j < 3; j++)	/* keeping pays */
			free(malloc(3 << 20));
	}
	calls = test_port_calls;
	for (int i = 0; i < 10; i++)
		free(realloc(realloc(malloc(100000), 200000), 2 << 20));
	want("malloc_still_lends_to_blocks_that_grow", test_port_calls - calls < 10, true);
}

/* The first block of 8 MiB in a heap that does not empty: its free trims it at once. */
static void test_large_block_in_heap(void)
{
	void *held = malloc(5000);

	mallopt(M_MMAP_MAX, 0);
	free(malloc(8 << 20));
	want("malloc_trims_a_large_block_at_once", main_arena.system_bytes < 1 << 20, true);
	mallopt(M_MMAP_MAX, 65536);
	free(held);
}

/* Of aligned mappings, too, some are kept. */
static void test_aligned_mappings(void)
{
	static void *blocks[50];
	unsigned long fewest = -1UL;

	for (int i = 0; i < 50; i++)
		blocks[i] = memalign(16384, 200000);
	/* What is kept goes after some 20 ms: once, nobody else shall have the processor. */
	for (int attempt = 0; attempt < 10; attempt++) {
		unsigned long calls = test_port_calls;

		for (int round = 0; round < 80; round++) {
			free(blocks[round % 50]);
			blocks[round % 50] = memalign(16384, 200000);
		}
		calls = test_port_calls - calls;
		fewest = calls < fewest ? calls : fewest;
	}
	want("memalign_takes_kept_mappings", fewest < 20, true);
	for (int i = 0; i < 50; i++)
		free(blocks[i]);
}

/* What has gone back goes back once, however often a request fails. */
static void test_failing_again(void)
{
	static void *blocks[2000];
	unsigned long calls = 0;

	for (int i = 0; i < 2000; i++)
		blocks[i] = malloc(i % 2 ? 6000 : 1100);	/* both right from the heap */
	for (int i = 1; i < 2000; i += 2)
		free(blocks[i]);
	test_map_limit = test_mapped_bytes;
	for (int i = 0; i < 3; i++) {
		calls = test_port_calls;
		want("malloc_too_large_for_the_system_is_null", malloc(100 << 20) == NULL, true);
	}
	want("malloc_failing_again_costs_little", test_port_calls - calls < 20, true);
	test_map_limit = SIZE_MAX;
	for (int i = 0; i < 2000; i += 2)
		free(blocks[i]);
}

/* As with glibc: what is asked for is padded, too, if it does not fit the first pool. */
static void test_first_pad(void)
{
	size_t start = test_brk;
	void *mem;

	mallopt(M_TOP_PAD, 64 << 10);
	mem = malloc(120000);
	want("malloc_pads_the_first_growth", test_brk - start, 188416);
	free(mem);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
}

/* -1 is never, whatever else gives pages back. */
static void test_never_trimmed(void)
{
	static void *blocks[5000];
	size_t high;

	mallopt(M_TRIM_THRESHOLD, -1);
	for (int i = 0; i < 5000; i++)
		blocks[i] = malloc(2000);
	high = test_brk;
	for (int i = 5000; i-- > 0; )
		free(blocks[i]);
	want("malloc_never_trims_if_told_so", test_brk, high);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	malloc_trim(0);
	want("malloc_trim_trims_all_the_same", test_brk < high / 2, true);
}

static void test_checker(void)
{
	uint64_t *end;

	grow_heap();
	end = &main_arena.bins.bitmap[NR_BINS / 64];
	*end ^= 1UL << (NR_BINS % 64);
	want("heap_check_sees_a_bitmap_without_an_end", __heap_check(NULL) == NULL, false);
	*end ^= 1UL << (NR_BINS % 64);
	main_arena.quick[5].nr += 77;
	want("heap_check_counts_what_waits", __heap_check(NULL) == NULL, false);
	main_arena.quick[5].nr -= 77;
	check_heap("heap_check_counts_what_waits");
}

int main(int argc, char **argv)
{
	tests_begin(argc, argv);
	test_first_pad();
	test_never_trimmed();
	test_large_block_in_heap();
	test_large_alignment();
	test_lent_comes_back();
	test_aligned_mappings();
	test_failing_again();
	test_glibc_mode_sizes();
	test_reset_with_a_mapping();
	test_break_ends_raggedly();
	test_break_moves_meanwhile();
	test_checker();
	return failures != 0;
}
