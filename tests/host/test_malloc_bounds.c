// build: -idirafter kernel/include -D_GNU_SOURCE -fno-sanitize=all -Wl,--wrap=sbrk -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, somebody's server spends its time in system calls and page
 * faults, or its memory at a limit: how often the break moves, what is faulted
 * in again, and what a heap that cannot grow still has to give.
 */
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "../../libc/malloc/release.h"
#include "malloc_blocks.h"

static volatile long nr_sbrk;	/* malloc is declared "leaf" */
static bool break_is_stuck;

void *__real_sbrk(intptr_t bytes);
void *__wrap_sbrk(intptr_t bytes);

/* The port moves the break through here; 0 only asks where it is. */
void *__wrap_sbrk(intptr_t bytes)
{
	nr_sbrk += bytes != 0;
	return break_is_stuck && bytes > 0 ? (void *)-1 : __real_sbrk(bytes);
}

/* No room for more, but what waits to be merged makes a large block. */
static bool merges_what_waits(void)
{
	struct rlimit limit = { 64 * MIB, 64 * MIB };
	long nr = 0;

	setrlimit(RLIMIT_AS, &limit);
	while (nr < NR_MAX && (blocks[nr] = malloc(500)))
		nr++;
	for (long i = nr / 2; i < nr / 2 + 100; i++)
		free(blocks[i]);
	return nr < NR_MAX && malloc(20000);
}

static void test_merging_at_the_limit(void)
{
	int status = 1;
	pid_t pid = fork();

	if (!pid)
		_exit(!merges_what_waits());
	waitpid(pid, &status, 0);
	at_most("malloc_at_the_limit_merges_what_waits", status, 0);
}

/* What the system would still give, in KiB. */
static long available_kib(void)
{
	void *pieces[4096];
	long nr = 0;

	while (nr < 4096 && (pieces[nr] = mmap(NULL, 64 * KIB,
					       PROT_READ | PROT_WRITE,
					       MAP_PRIVATE | MAP_ANONYMOUS,
					       -1, 0)) != MAP_FAILED)
		nr++;
	for (long i = 0; i < nr; i++)
		munmap(pieces[i], 64 * KIB);
	return nr * 64;
}

/* Regions grow with the heap; at a limit a smaller one must do. */
static void test_limit(void)
{
	struct rlimit old, limit;
	long available, nr = 0;

	getrlimit(RLIMIT_DATA, &old);
	limit = old;
	limit.rlim_cur = 128 << 20;
	setrlimit(RLIMIT_DATA, &limit);
	break_is_stuck = true;
	available = available_kib();
	while (nr < NR_MAX && (blocks[nr] = malloc(1000)))
		nr++;
	at_most("malloc_at_a_limit_wastes_kib", available - nr * 1008 / KIB,
		2 * KIB);
	break_is_stuck = false;
	setrlimit(RLIMIT_DATA, &old);
	free_forward(nr);
	malloc_trim(0);
	__heap_reset();
}

static void test_break_calls(size_t bytes)
{
	char name[100];

	snprintf(name, sizeof(name), "malloc_%zu_bytes_top_down_sbrk_calls",
		 bytes);
	nr_sbrk = 0;
	allocate(bytes, 20000);
	free_reverse(20000);
	at_most(name, nr_sbrk, 500);
	malloc_trim(0);
	__heap_reset();
}

/* Three 100 KB blocks swing across the threshold: not a call per operation. */
static void test_swing(void)
{
	nr_sbrk = 0;
	for (int i = 0; i < 1000; i++) {
		allocate(100000, 3);
		free_reverse(3);
	}
	at_most("malloc_swings_at_the_threshold_sbrk_calls", nr_sbrk, 60);
	malloc_trim(0);
	__heap_reset();
}

static long faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/* Leave one in six of @nr blocks of @bytes, and fill the places up again. */
static void swing_pages(size_t bytes, long nr, int rounds)
{
	while (rounds-- > 0) {
		for (long i = 0; i < nr; i++)
			if (!blocks[i])
				blocks[i] = memset(malloc(bytes), 1, bytes);
		for (long i = 0; i < nr; i++)
			if (next_random() % 6) {
				free(blocks[i]);
				blocks[i] = NULL;
			}
	}
}

/*
 * A page cache that swings, 10 MB in blocks of a page and a header, takes its
 * pages from the system once, and twice more, but not each time. When it stays
 * small while others go on for a second, it gives back what it had.
 */
static void test_page_cache(void)
{
	long nr = 2500, before = faults(), kib = resident_kib();

	memset(blocks, 0, nr * sizeof(*blocks));
	swing_pages(4368, nr, 40);
	at_most("malloc_swinging_page_cache_faults", faults() - before, 4 * nr);
	for (clock_t end = clock() + CLOCKS_PER_SEC; clock() < end; )
		for (long i = 0; i < 1000; i++) {
			free(kept[i % 20]);
			kept[i % 20] = malloc(33000 + next_random() % 8000);
		}
	at_most("malloc_cold_page_cache_resident_kib", resident_kib() - kib,
		nr / 6 * 8 + 20 * 40 + 1024);
	for (long i = 0; i < 20; i++)
		free(kept[i]);
	free_forward(nr);
	malloc_trim(0);
	__heap_reset();
}

/* A buffer grows beyond the threshold, and the next one, as it will again. */
static void test_growing_again(void)
{
	long before = faults();

	for (int round = 0; round < 100; round++) {
		char *buffer = NULL;

		for (size_t n = 4096; n <= 2 << 20; n *= 2) {
			buffer = realloc(buffer, n);
			memset(buffer, 1, n);
		}
		free(buffer);
	}
	at_most("malloc_buffers_that_grow_again_faults", faults() - before,
		8000);
	malloc_trim(0);
	__heap_reset();
}

/*
 * Two temporaries at a time, 2.4 MB at most, whose sizes change: all goes back
 * eight times, since nothing is in use then, and from then on hardly any.
 */
static void test_temporaries(void)
{
	long before = faults(), kib = resident_kib();

	for (int i = 0; i < 2000; i++) {
		size_t bytes = 100000 + next_random() % 1500000;
		char *a = malloc(bytes), *b = malloc(bytes / 2);

		memset(a, 1, bytes);
		memset(b, 1, bytes / 2);
		free(a);
		free(b);
	}
	at_most("malloc_temporaries_of_changing_sizes_faults",
		faults() - before, 12 * 600);
	at_most("malloc_temporaries_of_changing_sizes_resident_kib",
		resident_kib() - kib, 4 * KIB);
	malloc_trim(0);
	__heap_reset();
}

/* Large blocks that come and go beside small buffers that grow and stay. */
static void test_growing_beside_large(void)
{
	long before = resident_kib();

	for (long i = 0; i < 60; i++) {
		free(memset(malloc(16 << 20), 1, 16 << 20));
		blocks[i] = NULL;
		for (size_t n = 8192; n <= 256 << 10; n *= 2) {
			blocks[i] = realloc(blocks[i], n);
			memset(blocks[i], 1, n);
		}
	}
	at_most("malloc_growing_beside_large_blocks_resident_kib",
		resident_kib() - before, 60 * 256 + 32 * KIB + 2 * KIB);
	free_forward(60);
	malloc_trim(0);
	__heap_reset();
}

/* Mappings that grow and shrink at random, of which hardly a page is ever touched. */
static void test_resizing_at_random(void)
{
	long before = faults();

	for (long nr = 0; nr < 20; nr++)
		blocks[nr] = NULL;
	for (long i = 0; i < 2000; i++) {
		long nr = next_random() % 20;

		blocks[nr] = realloc(blocks[nr], 1 + next_random() % (4 << 20));
		*(char *)blocks[nr] = 1;
	}
	at_most("malloc_resizing_at_random_faults", faults() - before, 20000);
	for (long nr = 0; nr < 20; nr++)
		free(blocks[nr]);
	malloc_trim(0);
	__heap_reset();
}

/* The heap is above somebody else's break, so that top cannot go down. */
static void test_swing_above_foreign_break(void)
{
	long before;

	free(malloc(1000));
	sbrk(4096);
	before = faults();
	for (int i = 0; i < 300; i++) {
		allocate(65000, 64);
		free_reverse(64);
	}
	at_most("malloc_swings_above_foreign_break_faults", faults() - before,
		50000);
	malloc_trim(0);
	__heap_reset();
}

/* What a shrinking realloc of a mapping does not need goes back, but for an eighth. */
static void test_shrinking(void)
{
	long before = resident_kib();

	for (long i = 0; i < 50; i++) {
		blocks[i] = memset(malloc(1 << 20), 1, 1 << 20);
		blocks[i] = realloc(blocks[i], 576 << 10);
	}
	at_most("malloc_shrunk_mappings_resident_kib", resident_kib() - before,
		50 * 580 * 9 / 8 + KIB);
	free_forward(50);
	malloc_trim(0);
	__heap_reset();
}

/* CPU time of this program alone: what its first touches cost the system varies. */
static double user_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6;
}

/* Seconds for @nr blocks of a thousand sizes, half of them anew. */
static double equal_sizes(long nr)
{
	double start = user_seconds();

	for (long i = 0; i < nr; i++)
		blocks[i] = malloc(33000 + i % 1000 * 32);
	for (long i = 0; i < nr; i += 2)
		free(blocks[i]);
	for (long i = 0; i < nr; i += 2)
		blocks[i] = malloc(33016 + i * 7 % 1000 * 32);	/* none fits exactly */
	free_forward(nr);
	malloc_trim(0);
	__heap_reset();
	return user_seconds() - start;
}

/*
 * Many free chunks of nearly equal size: a search must not look at all. It would
 * make ten times as many cost a hundred times as much, and log n, 13 times.
 */
static void test_equal_sizes(void)
{
	double few = 0, many = equal_sizes(100000);

	for (int i = 0; i < 10; i++)
		few += equal_sizes(10000);
	many = (many + equal_sizes(100000)) / 2;
	at_most("malloc_ten_times_equal_free_chunks_cpu_percent",
		many / (few / 10) * 100, 4000);
}

/* Seconds for rounds of one size each, another one each time. */
static double changing_sizes(void)
{
	double start = user_seconds();

	for (int round = 0; round < 400; round++) {
		size_t bytes = 33 + round * 7 % 60 * 16;

		allocate(bytes, 400000 / bytes);
		free_forward(400000 / bytes);
	}
	return user_seconds() - start;
}

/* What waits to be merged is little: it is not looked for in all that lives. */
static void test_large_heap(void)
{
	double small = changing_sizes(), large;

	for (long i = 0; i < NR_MAX; i++)
		kept[i] = malloc(48);
	large = changing_sizes();
	at_most("malloc_changing_sizes_in_a_large_heap_cpu_percent",
		large / small * 100, 500);
	for (long i = 0; i < NR_MAX; i++)
		free(kept[i]);
	malloc_trim(0);
	__heap_reset();
}

/* A huge block that came and went, hardly touched, is no reason to unmap others. */
static void test_after_a_huge_block(void)
{
	char *huge = malloc(4UL << 30);
	long before;

	if (huge)
		huge[0] = 1;
	free(huge);
	before = faults();
	for (int i = 0; i < 100000; i++) {
		char *block = malloc(131080);

		block[0] = 1;
		free(block);
	}
	at_most("malloc_after_a_huge_block_faults", faults() - before, 5000);
	malloc_trim(0);
	__heap_reset();
}

/* A machine that wakes up may count its cycles anew: nobody waits for the old time. */
static void test_clock_set_back(void)
{
	size_t paid_at = SIZE_MAX / 2;

	at_most("malloc_clock_set_back_pays_again",
		!release_is_paid(&paid_at, 4096, 1, MIB), 0);
	paid_at += 4 * MIB;
	at_most("malloc_spent_credit_does_not_pay",
		release_is_paid(&paid_at, 4096, 1, MIB), 0);
}

int main(void)
{
	blocks_begin();
	test_limit();
	test_merging_at_the_limit();
	test_break_calls(2000);
	test_break_calls(8000);
	test_temporaries();
	test_swing();
	test_page_cache();
	test_growing_again();
	test_shrinking();
	test_growing_beside_large();
	test_resizing_at_random();
	test_swing_above_foreign_break();
	test_equal_sizes();
	test_large_heap();
	test_after_a_huge_block();
	test_clock_set_back();
	return failures != 0;
}
