// build: -idirafter kernel/include -D_GNU_SOURCE -fno-sanitize=all -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, somebody's server keeps memory that it has freed: what stays
 * resident after everything was freed in any order, of small blocks and of
 * large ones, and what fragmentation costs.
 */
#include <stdbool.h>

#include "../../libc/malloc/arena.h"
#include "../../libc/malloc/tcache.h"
#include "malloc_blocks.h"

/* Each order from a fresh heap, so that no history helps or hurts. */
static void test_resident(size_t bytes, long nr)
{
	static const struct {
		const char *name;
		void (*run)(long nr);
	} orders[] = {
		{ "forward", free_forward },
		{ "reverse", free_reverse },
		{ "random", free_random },
	};

	for (int i = 0; i < 3; i++) {
		char name[100];
		long before = resident_kib();

		snprintf(name, sizeof(name),
			 "malloc_free_all_%s_%zu_bytes_leaves_kib",
			 orders[i].name, bytes);
		allocate(bytes, nr);
		orders[i].run(nr);
		at_most(name, resident_kib() - before, 1024);
		malloc_trim(0);
		__heap_reset();
	}
}

/* What the caches hold of many sizes lies far apart: each chunk keeps a page. */
static void test_resident_mixed(size_t most, long nr)
{
	long before = resident_kib();
	char name[100];

	snprintf(name, sizeof(name),
		 "malloc_free_all_random_up_to_%zu_bytes_leaves_kib", most);
	for (long i = 0; i < nr; i++) {
		size_t bytes = 16 + next_random() % (most - 15);

		blocks[i] = memset(malloc(bytes), 1, bytes);
	}
	free_random(nr);
	at_most(name, resident_kib() - before, 1024);
	malloc_trim(0);
	__heap_reset();
}

/* In the same heap, which has needed again what it gave back. */
static void test_resident_rounds(size_t least, size_t most, long nr, int rounds)
{
	long before = resident_kib(), worst = 0;
	char name[100];

	for (int round = 1; round <= rounds; round++) {
		for (long i = 0; i < nr; i++) {
			size_t bytes = least + next_random() % (most - least + 1);

			blocks[i] = memset(malloc(bytes), 1, bytes);
		}
		(round % 3 == 0 ? free_forward : round % 3 == 1 ? free_reverse : free_random)(nr);
		if (worst < resident_kib() - before)
			worst = resident_kib() - before;
	}
	snprintf(name, sizeof(name), "malloc_free_all_%zu_to_%zu_in_%d_rounds_leaves_kib",
		 least, most, rounds);
	at_most(name, worst, 1024);
	malloc_trim(0);
	__heap_reset();
}

/*
 * The last blocks freed go to a cache, and if they are many and small, a drain before
 * that has left a page with each: how many depends on the size of the heap.
 */
static void test_resident_heap_sizes(void)
{
	long bad = 0;

	for (long nr = 300000; nr <= 650000; nr += 50000) {
		long before = resident_kib();

		for (long i = 0; i < nr; i++)
			blocks[i] = memset(malloc(1 + next_random() % 300), 1, 1);
		free_random(nr);
		bad += resident_kib() - before > 1024;
		malloc_trim(0);
		__heap_reset();
	}
	at_most("malloc_free_all_random_in_8_heap_sizes_leaves_too_much", bad, 0);
}

/* Without a pause only the credit goes back. */
static void test_resident_is_paid_for(size_t least, long nr)
{
	long before = resident_kib(), given = 0;
	char name[100];

	for (int round = 0; round < 24; round++) {
		for (long i = 0; i < nr; i++)
			blocks[i] = malloc(least + next_random() % least);
		free_random(nr);
		given += resident_kib() - before < 1024;
	}
	snprintf(name, sizeof(name), "malloc_free_all_from_%zu_goes_back_times_of_24", least);
	at_most(name, given, 13);
	malloc_trim(0);
	__heap_reset();
}

/*
 * A heap that swings too often keeps what it has; but not for ever, if the program
 * has done something else in between.
 */
static void test_resident_later(void)
{
	long before = resident_kib(), most = 0;

	for (int round = 0; round < 40; round++) {
		allocate(1000, 4000);
		free_random(4000);
		if (most < resident_kib() - before)
			most = resident_kib() - before;
	}
	at_least("malloc_free_all_often_keeps_kib", most, 3000);
	usleep(800000);
	allocate(1000, 4000);
	free_random(4000);
	at_most("malloc_free_all_after_a_pause_leaves_kib", resident_kib() - before, 1024);
	malloc_trim(0);
	__heap_reset();
}

/*
 * A hundred threads that have allocated from two heaps end, one after the other.
 * To be a thread is to have a cache.
 */
static long threads_end_leaves_kib(void)
{
	static struct tcache *threads[100];
	long before = resident_kib(), left;
	struct tcache *self = tcache;

	for (int i = 0; i < 100; i++) {
		tcache = (struct tcache *)&tcache_none;
		free(malloc(1));	/* makes one */
		for (int round = 0; round < 20; round++) {
			for (int j = 0; j < 200; j++) {
				size_t bytes = 16 + next_random() % 2000;

				tcache->arena = &malloc_arenas[next_random() % 2];
				blocks[j] = memset(malloc(bytes), 1, bytes);
			}
			free_forward(200);
		}
		threads[i] = tcache;
	}
	for (int i = 0; i < 100; i++) {
		tcache = threads[i];
		__malloc_thread_exit();
	}
	tcache = self;
	left = resident_kib() - before;
	malloc_trim(0);
	__heap_reset();
	return left;
}

static void test_resident_threads_end(void)
{
	long most = 0;

	for (int i = 0; i < 20; i++) {
		long left = threads_end_leaves_kib();

		most = left > most ? left : most;
	}
	at_most("malloc_threads_end_leaves_kib", most, 1500);
}

/* glibc mode trims when glibc does; small chunks in its caches may be on top. */
static void test_resident_like_glibc(void)
{
	mallopt(M_MODE, MALLOC_MODE_GLIBC);
	for (int i = 0; i < 3; i++) {
		long before = resident_kib();

		allocate(2000, 20000);
		(i == 0 ? free_forward : i == 1 ? free_reverse : free_random)(20000);
		at_most("malloc_free_all_glibc_mode_large_leaves_kib",
			resident_kib() - before, 512);
		allocate(1000, 20000);
		free_forward(20000);
		at_most("malloc_free_all_glibc_mode_forward_leaves_kib",
			resident_kib() - before, 512);
	}
	allocate(1000, 20000);
	free_reverse(20000);
	at_least("malloc_free_all_glibc_mode_reverse_pins_kib", resident_kib(), 20000);
	mallopt(M_MODE, MALLOC_MODE_DEFAULT);
	malloc_trim(0);
	__heap_reset();
}

/*
 * Twenty large blocks that come and go, often enough that keeping them pays: with
 * few in use, or none, most of them goes back, whatever there once was.
 */
static void test_large_come_and_go(void)
{
	long before = resident_kib();
	void *lasting = NULL;

	for (int round = 0; round < 6; round++) {
		allocate(10 * MIB, 20);
		if (round == 3)
			lasting = memset(malloc(10 * MIB), 1, 10 * MIB);
		free_forward(20);
		at_most(lasting ? "malloc_large_beside_one_leave_kib" :
				  "malloc_large_all_freed_leave_kib",
			resident_kib() - before, (lasting ? 42 : 32) * KIB + 1024);
	}
	free(lasting);
	malloc_trim(0);
}

/*
 * Twelve phases of sizes that grow by @percent from 16 bytes on; in a phase
 * all blocks are of one size, or with @spread of up to twice that. One block
 * in twenty survives its phase.
 */
static void test_fragmentation(int percent, bool spread, long most)
{
	long before = resident_kib(), live = 0, nr_kept = 0;
	double least = 16;
	char name[100];

	for (int phase = 0; phase < 12; phase++, least *= 1 + percent / 100.0) {
		long nr = 0;

		for (long left = 16 << 20; left > 0 && nr < NR_MAX; nr++) {
			size_t bytes = least;

			bytes += spread ? next_random() % bytes : 0;
			blocks[nr] = malloc(bytes);
			memset(blocks[nr], 1, bytes);
			*(size_t *)blocks[nr] = bytes;
			left -= bytes;
		}
		for (long i = 0; i < nr; i++) {
			if (next_random() % 20) {
				free(blocks[i]);
				continue;
			}
			kept[nr_kept++] = blocks[i];
			live += *(size_t *)blocks[i];
		}
	}
	snprintf(name, sizeof(name),
		 "malloc_fragmentation_growth_%d%s_percent_of_live", percent,
		 spread ? "_spread" : "");
	at_most(name, (resident_kib() - before) * KIB * 100 / live, most);
	while (nr_kept > 0)
		free(kept[--nr_kept]);
	malloc_trim(0);
	__heap_reset();
}

/* What is kept, while as much is in use, and nobody asks for it, goes in the end. */
static void test_large_kept_and_not_asked_for(void)
{
	void *lasting = memset(malloc(8 * MIB), 1, 8 * MIB);
	long before = resident_kib();

	for (int i = 0; i < 3; i++) {		/* keeping pays */
		allocate(MIB / 2, 8);
		free_forward(8);
	}
	at_least("malloc_large_kept_kib", resident_kib() - before, 7 * 512);
	usleep(800000);
	allocate(200 * KIB, 1);
	free_forward(1);
	at_most("malloc_large_kept_too_long_kib", resident_kib() - before, 512);
	for (int i = 0; i < 3; i++) {
		allocate(MIB / 2, 8);
		free_forward(8);
	}
	usleep(800000);
	for (int i = 0; i < 100; i++) {		/* nobody frees a mapping any more */
		allocate(1000, 1000);
		free_random(1000);
	}
	at_most("malloc_large_kept_beside_small_kib", resident_kib() - before, 1024);
	free(lasting);
	malloc_trim(0);
	__heap_reset();
}

/* Who has only ever asked for more than there was would not use what is kept. */
static void test_large_doubled(void)
{
	long before = resident_kib(), most = 0;
	char *vector = memset(malloc(MIB), 1, MIB);
	size_t bytes = MIB;

	for (; bytes < 32 * MIB; bytes *= 2) {
		char *longer = malloc(2 * bytes);

		memcpy(longer, vector, bytes);
		free(vector);
		vector = longer;
		memset(vector + bytes, 1, bytes);
		most = resident_kib() > most ? resident_kib() : most;
	}
	at_most("malloc_large_doubled_takes_kib", most - before, bytes / KIB + 512);
	free(vector);
	malloc_trim(0);
	__heap_reset();
}

int main(void)
{
	blocks_begin();
	test_resident(40, 500000);
	test_resident(200, 20000);
	test_resident(1000, 20000);
	test_resident(8000, 5000);
	test_resident_mixed(300, 600000);
	test_resident_mixed(1000, 200000);
	test_resident_rounds(1, 1000, 100000, 8);
	test_resident_rounds(1, 60000, 1500, 8);
	test_resident_rounds(1100, 5000, 10000, 8);
	test_resident_heap_sizes();
	test_resident_is_paid_for(200, 100000);
	test_resident_is_paid_for(2000, 10000);
	test_resident_later();
	test_resident_threads_end();
	test_resident_like_glibc();
	memset(kept, 1, sizeof(kept));	/* its pages shall not count */
	test_fragmentation(20, false, 430);	/* glibc 2.36: 419 */
	test_fragmentation(50, true, 430);	/* 463 */
	test_fragmentation(50, false, 500);	/* 536 */
	test_fragmentation(100, true, 500);	/* 555 */
	test_large_doubled();
	test_large_come_and_go();
	test_large_kept_and_not_asked_for();
	return failures != 0;
}
