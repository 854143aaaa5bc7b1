/*
 * shapes: the known ways in which programs use malloc, one per name.
 *
 *	shapes NAME [SCALE]	run one; the bench script measures it from outside
 *	shapes			list the names
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long scale = 100;	/* percent of each shape's full length */

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* What a program does with memory at the least: write its ends. */
static void *touched(void *mem, size_t bytes)
{
	char *p = mem;

	p[0] = 1;
	p[bytes - 1] = 1;
	return mem;
}

/* One size, last in first out in short bursts: temporaries of a function. */
static void *small_churn(void *unused)
{
	void *held[64];

	for (long round = 0; round < 4000 * scale; round++) {
		for (int i = 0; i < 64; i++)
			held[i] = touched(malloc(64), 64);
		for (int i = 63; i >= 0; i--)
			free(held[i]);
	}
	return unused;
}

/* A power-law mix of sizes with random lifetimes. */
static void churn(uint64_t seed, size_t max_bytes, int nr_live, long steps)
{
	void **held = calloc(nr_live, sizeof(*held));

	for (long i = 0; i < steps; i++) {
		uint64_t r = next_random(&seed);
		int slot = (r >> 32) % nr_live;
		size_t bytes = 16 + (r % max_bytes) / (1 + (r >> 20) % 64);

		free(held[slot]);
		held[slot] = touched(malloc(bytes), bytes);
	}
	for (int i = 0; i < nr_live; i++)
		free(held[i]);
	free(held);
}

static void *mixed_small(void *seed)
{
	churn(1 + (uintptr_t)seed, 1000, 10000, 100000 * scale);
	return NULL;
}

static void *mixed_medium(void *seed)
{
	churn(1 + (uintptr_t)seed, 40000, 10000, 60000 * scale);
	return NULL;
}

static void *mixed_large(void *seed)
{
	churn(1 + (uintptr_t)seed, 1000000, 500, 6000 * scale);
	return NULL;
}

/* Buffers around the mmap threshold, written from end to end. */
static void *threshold(void *unused)
{
	uint64_t seed = 7;

	for (long i = 0; i < 600 * scale; i++) {
		size_t bytes = 100000 + next_random(&seed) % 100000;
		char *a = malloc(bytes), *b = malloc(bytes / 2);

		memset(a, 1, bytes);
		memset(b, 1, bytes / 2);
		free(a);
		free(b);
	}
	return unused;
}

/* Arrays that grow by an eighth, several at a time. */
static void *realloc_growth(void *unused)
{
	for (long round = 0; round < 2 * scale; round++) {
		char *array[8] = { 0 };

		for (size_t bytes = 16; bytes < 4 << 20; bytes += bytes / 8 + 1)
			for (int i = 0; i < 8; i++)
				array[i] = touched(realloc(array[i], bytes),
						   bytes);
		for (int i = 0; i < 8; i++)
			free(array[i]);
	}
	return unused;
}

/* Very many blocks alive at once, then none, in another order. */
static void *many_live(void *unused)
{
	long nr = 100000 * scale;
	void **held = malloc(nr * sizeof(*held));
	uint64_t seed = 3;

	for (long i = 0; i < nr; i++)
		held[i] = touched(malloc(16 + i % 48), 16);
	for (long i = nr - 1; i > 0; i--) {
		long j = next_random(&seed) % (i + 1);
		void *swap = held[i];

		held[i] = held[j];
		held[j] = swap;
	}
	for (long i = 0; i < nr; i++)
		free(held[i]);
	free(held);
	return unused;
}

/* Phases of growing sizes; one block in twenty outlives its phase. */
static void *phases(void *unused)
{
	size_t least = 16;
	void **blocks = calloc((scale << 20) / 2 / least + 1, sizeof(*blocks));
	uint64_t seed = 5;

	for (int phase = 0; phase < 12; phase++, least += least / 2) {
		long nr = 0;

		for (long left = (scale << 20) / 2; left > 0; nr++) {
			size_t bytes = least + next_random(&seed) % least;

			blocks[nr] = malloc(bytes);
			memset(blocks[nr], 1, bytes);
			left -= bytes;
		}
		while (nr-- > 0)
			if (next_random(&seed) % 20)
				free(blocks[nr]);
	}
	free(blocks);
	return unused;
}

/* A tree that is built and torn down: compilers and interpreters. */
struct node {
	struct node *left, *right;
	char payload[24];
};

static struct node *build(int depth)
{
	struct node *n = malloc(sizeof(*n));

	n->left = depth ? build(depth - 1) : NULL;
	n->right = depth ? build(depth - 1) : NULL;
	return n;
}

static void destroy(struct node *n)
{
	if (!n)
		return;
	destroy(n->left);
	destroy(n->right);
	free(n);
}

static void *trees(void *unused)
{
	for (long i = 0; i < 2 * scale; i++)
		destroy(build(15));
	return unused;
}

/* One thread makes messages, the other frees them. */
#define RING 1024

static void *ring[RING];
static long ring_head, ring_tail;
static pthread_mutex_t ring_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ring_moved = PTHREAD_COND_INITIALIZER;

/* Move up to RING / 2 messages at a time, so that the lock is not measured. */
static void *consume(void *arg)
{
	long left = *(long *)arg;
	void *batch[RING / 2];

	while (left > 0) {
		int nr = 0;

		pthread_mutex_lock(&ring_lock);
		while (ring_head == ring_tail)
			pthread_cond_wait(&ring_moved, &ring_lock);
		while (ring_tail != ring_head && nr < RING / 2)
			batch[nr++] = ring[ring_tail++ % RING];
		pthread_cond_signal(&ring_moved);
		pthread_mutex_unlock(&ring_lock);
		for (int i = 0; i < nr; i++)
			free(batch[i]);
		left -= nr;
	}
	return NULL;
}

static void *producer_consumer(void *unused)
{
	long total = 60000 * scale, made = 0;
	pthread_t consumer;
	uint64_t seed = 5;

	pthread_create(&consumer, NULL, consume, &total);
	while (made < total) {
		void *batch[RING / 4];
		int nr = total - made < RING / 4 ? total - made : RING / 4;

		for (int i = 0; i < nr; i++) {
			size_t bytes = 16 + next_random(&seed) % 500;

			batch[i] = touched(malloc(bytes), bytes);
		}
		pthread_mutex_lock(&ring_lock);
		while (ring_head - ring_tail > RING - nr)
			pthread_cond_wait(&ring_moved, &ring_lock);
		for (int i = 0; i < nr; i++)
			ring[ring_head++ % RING] = batch[i];
		pthread_cond_signal(&ring_moved);
		pthread_mutex_unlock(&ring_lock);
		made += nr;
	}
	pthread_join(consumer, NULL);
	return unused;
}

/* Run @work in @nr threads at once. */
static void in_threads(int nr, void *(*work)(void *))
{
	pthread_t threads[16];

	for (int i = 0; i < nr; i++)
		pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i);
	for (int i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
}

/*
 * A server: threads replace blocks in a shared table, so most frees meet
 * another thread's block, and threads come and go.
 */
#define TABLE 20000

static void *table[TABLE];

static void *serve(void *seed)
{
	uint64_t state = 11 + (uintptr_t)seed;

	for (long i = 0; i < 6000 * scale; i++) {
		uint64_t r = next_random(&state);
		size_t bytes = 16 + r % 1000;
		void *new = touched(malloc(bytes), bytes);

		free(__atomic_exchange_n(&table[(r >> 32) % TABLE], new,
					 __ATOMIC_ACQ_REL));
	}
	return NULL;
}

static void *larson(void *unused)
{
	for (int generation = 0; generation < 5; generation++)
		in_threads(4, serve);
	for (int i = 0; i < TABLE; i++)
		free(table[i]);
	return unused;
}

static void *two_private(void *unused)
{
	in_threads(2, mixed_small);
	return unused;
}

static void *four_small(void *unused)
{
	in_threads(4, small_churn);
	return unused;
}

static const struct {
	const char *name;
	void *(*run)(void *);
} shapes[] = {
	{ "small_churn", small_churn },
	{ "mixed_small", mixed_small },
	{ "mixed_medium", mixed_medium },
	{ "mixed_large", mixed_large },
	{ "threshold", threshold },
	{ "realloc_growth", realloc_growth },
	{ "many_live", many_live },
	{ "phases", phases },
	{ "trees", trees },
	{ "producer_consumer", producer_consumer },
	{ "larson", larson },
	{ "two_private", two_private },
	{ "four_small", four_small },
};

int main(int argc, char **argv)
{
	if (argc > 2)
		scale = atol(argv[2]);
	for (unsigned int i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (argc < 2)
			puts(shapes[i].name);
		else if (strcmp(argv[1], shapes[i].name) == 0) {
			shapes[i].run(NULL);
			return 0;
		}
	}
	return argc > 1;
}
