// build: -idirafter kernel/include -D_GNU_SOURCE -fno-sanitize=address,undefined -fsanitize=thread -Wl,--wrap=port_map,--wrap=port_unmap -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c libc/malloc/ports/fork.c libc/malloc/ports/preload.c
/*
 * If these fail, programs with threads corrupt their heap now and then: blocks
 * wander between threads that come and go, under ThreadSanitizer, while the
 * process forks and the children allocate.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../libc/include/malloc.h"

/*
 * The port's bare system calls are invisible to ThreadSanitizer, which would
 * take a new mapping where an old one was for the same memory. It knows these.
 */
void *__wrap_port_map(void *old, size_t old_bytes, size_t new_bytes);
void __wrap_port_unmap(void *start, size_t bytes);

void *__wrap_port_map(void *old, size_t old_bytes, size_t new_bytes)
{
	void *new = mmap(NULL, new_bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (new == MAP_FAILED)
		return NULL;
	if (old) {
		memcpy(new, old, old_bytes < new_bytes ? old_bytes : new_bytes);
		munmap(old, old_bytes);
	}
	return new;
}

void __wrap_port_unmap(void *start, size_t bytes)
{
	munmap(start, bytes);
}

#define NR_THREADS	4
#define NR_SLOTS	256
#define STEPS		5000

/* A block knows its length and is filled with it, so its finder can check. */
struct block {
	size_t bytes;
	unsigned char fill[];
};

static struct block *shared[NR_SLOTS];
static int failures;

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t random_bytes(uint64_t r)
{
	if (r % 64 == 0)
		return 100000 + (r >> 8) % 100000;
	return r % 8 == 0 ? (r >> 8) % 8000 : (r >> 8) % 400;
}

static struct block *make(size_t bytes)
{
	struct block *b = malloc(sizeof(*b) + bytes);

	if (!b)
		return NULL;
	b->bytes = bytes;
	memset(b->fill, (int)bytes, bytes);
	return b;
}

static void check_and_free(struct block *b)
{
	for (size_t i = 0; b && i < b->bytes; i++)
		if (b->fill[i] != (unsigned char)b->bytes) {
			__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
			printf("FAIL malloc_threads: got a changed block, "
			       "want its contents\n");
			break;
		}
	free(b);
}

static void *wander(void *arg)
{
	uint64_t state = 88172645463325252ULL + (uintptr_t)arg;

	for (int i = 0; i < STEPS; i++) {
		uint64_t r = next_random(&state);
		struct block *b = make(random_bytes(r >> 8));

		check_and_free(__atomic_exchange_n(&shared[r % NR_SLOTS], b,
						   __ATOMIC_ACQ_REL));
	}
	return NULL;
}

static void check_heap(const char *name)
{
	const char *wrong = __heap_check(NULL);

	if (wrong) {
		printf("FAIL %s: got \"%s\", want a sound heap\n", name, wrong);
		failures++;
	}
}

static void test_wandering(void)
{
	pthread_t threads[NR_THREADS];

	for (int generation = 0; generation < 3; generation++) {
		for (long i = 0; i < NR_THREADS; i++)
			pthread_create(&threads[i], NULL, wander, (void *)i);
		for (int i = 0; i < NR_THREADS; i++)
			pthread_join(threads[i], NULL);
		check_heap("malloc_blocks_wander_between_threads");
	}
	for (int i = 0; i < NR_SLOTS; i++) {
		check_and_free(shared[i]);
		shared[i] = NULL;
	}
	check_heap("malloc_blocks_wander_between_threads");
	if (!failures)
		printf("PASS malloc_blocks_wander_between_threads\n");
}

/* ---- all calls at once ---- */

/* A block in whose size all @bytes count, from one of the calls that make one. */
static struct block *make_somehow(uint64_t r, size_t bytes)
{
	size_t whole = sizeof(struct block) + bytes;
	struct block *b;

	if (r % 4 == 0)
		b = memalign(16UL << (r >> 2) % 9, whole);
	else if (r % 4 == 1)
		b = calloc(1, whole);
	else
		return make(bytes);
	if (!b)
		return NULL;
	for (size_t i = 0; r % 4 == 1 && i < bytes; i++)
		if (b->fill[i]) {
			__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
			printf("FAIL malloc_all_calls_in_threads: got a dirty "
			       "calloc, want zeros\n");
			break;
		}
	b->bytes = bytes;
	memset(b->fill, (int)bytes, bytes);
	return b;
}

/* Longer or shorter, and then filled as its new length wants. */
static struct block *resize(struct block *b, size_t bytes)
{
	size_t old = b->bytes, kept = old < bytes ? old : bytes;
	struct block *new = realloc(b, sizeof(*b) + bytes);

	if (!new)
		return b;
	new->bytes = kept;
	for (size_t i = 0; i < kept; i++)
		if (new->fill[i] != (unsigned char)old) {
			__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
			printf("FAIL malloc_all_calls_in_threads: got a changed "
			       "block, want its contents\n");
			break;
		}
	new->bytes = bytes;
	memset(new->fill, (int)bytes, bytes);
	return new;
}

/* What looks at the whole heap while others are busy. */
static void meddle(uint64_t r)
{
	struct mallinfo2 info;

	if (r & 1) {
		malloc_trim(r >> 8 & 0xfffff);
		return;
	}
	info = mallinfo2();
	if (info.fordblks <= info.arena)
		return;
	__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
	printf("FAIL malloc_all_calls_in_threads: got %zu bytes free, want at "
	       "most %zu\n", info.fordblks, info.arena);
}

static void *do_everything(void *arg)
{
	uint64_t state = 1181783497276652981ULL + (uintptr_t)arg;

	for (int i = 0; i < STEPS / 2; i++) {
		uint64_t r = next_random(&state);
		struct block **slot = &shared[r % NR_SLOTS], *b;

		b = __atomic_exchange_n(slot, NULL, __ATOMIC_ACQ_REL);
		if (b && r >> 9 & 1) {
			b = resize(b, random_bytes(r >> 16));
		} else {
			check_and_free(b);
			b = make_somehow(r >> 10, random_bytes(r >> 16));
		}
		check_and_free(__atomic_exchange_n(slot, b, __ATOMIC_ACQ_REL));
		if (i % 50 == 0)
			meddle(r >> 20);
	}
	return NULL;
}

static void test_everything(void)
{
	static const char name[] = "malloc_all_calls_in_threads";
	pthread_t threads[NR_THREADS];
	int before = failures;

	for (long i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, do_everything, (void *)i);
	for (int i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	check_heap(name);
	for (int i = 0; i < NR_SLOTS; i++) {
		check_and_free(shared[i]);
		shared[i] = NULL;
	}
	check_heap(name);
	if (failures == before)
		printf("PASS %s\n", name);
}

/* The child has one thread and every lock of the parent's: all must be open. */
static void test_fork(void)
{
	pthread_t threads[NR_THREADS];
	int status = 0, before = failures;

	for (long i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, wander, (void *)i);
	for (int i = 0; i < 20 && !status; i++) {
		pid_t pid = fork();

		if (!pid) {
			for (int n = 0; n < 2000; n++)
				free(malloc(n * 10));
			_exit(__heap_check(NULL) != NULL);
		}
		waitpid(pid, &status, 0);
	}
	for (int i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	if (status) {
		printf("FAIL malloc_fork_in_threads: got status %x, want 0\n",
		       status);
		failures++;
	}
	if (failures == before)
		printf("PASS malloc_fork_in_threads\n");
}

/* Nothing may stay behind from threads that have ended. */
static void test_thread_exit(void)
{
	malloc_trim(0);
	if (__heap_reset()) {
		printf("FAIL malloc_thread_exit_flushes: got chunks in use, "
		       "want none\n");
		failures++;
		return;
	}
	printf("PASS malloc_thread_exit_flushes\n");
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_wandering();
	test_everything();
	test_thread_exit();
	test_fork();
	return failures != 0;
}
