/*
 * Several threads allocate and free at once, also what another one allocated:
 * no block may be in two hands, and the heap must be sound afterwards.
 */
#include <malloc.h>
#include <stdlib.h>

#include "thread.h"

#define NR 4
#define SLOTS 64
#define STEPS 4000

/* Blocks that change hands: whoever takes one out frees it. */
static unsigned char *exchange[SLOTS];

struct worker {
	struct thread thread;
	unsigned int random;
	int bad;
};

static unsigned int next_random(struct worker *worker)
{
	worker->random = worker->random * 1103515245 + 12345;
	return worker->random >> 16;
}

static unsigned char *make_block(struct worker *worker)
{
	unsigned int r = next_random(worker);
	unsigned int size = 4 + (r % 50 ? r % 1500 : r % 8 * 30000);
	unsigned char *block = malloc(size);

	memcpy(block, &size, 4);
	memset(block + 4, (int)(size & 0xff), size - 4);
	return block;
}

static void free_block(struct worker *worker, unsigned char *block)
{
	unsigned int size;

	memcpy(&size, block, 4);
	for (unsigned int i = 4; i < size; i++)
		worker->bad += block[i] != (size & 0xff);
	free(block);
}

static void work(void *arg)
{
	struct worker *worker = arg;

	for (int i = 0; i < STEPS; i++) {
		unsigned char *mine = make_block(worker);
		unsigned char **slot = &exchange[next_random(worker) % SLOTS];
		unsigned char *theirs = __atomic_exchange_n(slot, mine,
							    __ATOMIC_ACQ_REL);

		if (theirs)
			free_block(worker, theirs);
		if (i % 64 == 0)
			sys(SYS_sched_yield);
	}
}

int main(void)
{
	static struct worker worker[NR];

	for (int i = 0; i < NR; i++) {
		worker[i].random = (unsigned int)i * 77 + 1;
		thread_start(&worker[i].thread, work, &worker[i]);
	}
	for (int i = 0; i < NR; i++) {
		thread_join(&worker[i].thread);
		CHECK_EQ(worker[i].bad, 0);
	}
	for (int i = 0; i < SLOTS; i++)
		free(exchange[i]);
	CHECK_EQ(malloc_trim(0) >= 0, 1);
	return check_passed();
}
