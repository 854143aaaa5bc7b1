/*
 * firstfit: the malloc of every tutorial, beside the real one.
 *
 * Many texts build their first allocator from sbrk() and a block header with a
 * size and an "available" flag. malloc() takes the first available block that
 * is large enough; free() sets the flag. Nothing is ever split, merged or
 * given back. Here it is, in thirty lines, and then both allocators run the
 * same traces, each in a process of its own:
 *
 *	time	CPU time; a search that looks at every block is O(n)
 *	peak	how far the heap grew
 *	waste	peak over what the program had asked for at its most
 *	end	what of the heap is left once everything was freed
 *	faults	pages that had to be brought in
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../libc/malloc/port.h"

#define KIB 1024L

/* ---- the allocator ---- */

struct block {
	size_t bytes;		/* that follow this header */
	size_t available;
};

static char *heap_start, *heap_end;

/* The first available block of at least @bytes, or NULL. */
static struct block *first_fit(size_t bytes)
{
	char *at = heap_start;

	while (at < heap_end) {
		struct block *block = (struct block *)at;

		if (block->available && block->bytes >= bytes)
			return block;
		at += sizeof(*block) + block->bytes;
	}
	return NULL;
}

/* A new block, where the heap ends so far. */
static struct block *grow(size_t bytes)
{
	struct block *block = port_sbrk(sizeof(*block) + bytes);

	if (!block)
		return NULL;
	if (!heap_start)
		heap_start = (char *)block;
	heap_end = (char *)(block + 1) + bytes;
	block->bytes = bytes;
	return block;
}

static void *firstfit_malloc(size_t bytes)
{
	struct block *block;

	bytes = (bytes + 15) & ~15UL;
	block = first_fit(bytes);
	if (!block)
		block = grow(bytes);
	if (!block)
		return NULL;
	block->available = 0;
	return block + 1;
}

static void firstfit_free(void *mem)
{
	if (mem)
		((struct block *)mem - 1)->available = 1;
}

/* ---- traces ---- */

struct allocator {
	const char *name;
	void *(*malloc)(size_t bytes);
	void (*free)(void *mem);
};

static const struct allocator allocators[] = {
	{ "firstfit", firstfit_malloc, firstfit_free },
	{ "malloc", malloc, free },
};

/* What a trace has asked for and not freed, now and at most. */
static size_t live_bytes, max_live_bytes, peak_bytes;
static char *first_break;

static void sample_break(void)
{
	size_t bytes = (size_t)((char *)sbrk(0) - first_break);

	if (bytes > peak_bytes)
		peak_bytes = bytes;
}

static void *get(const struct allocator *a, size_t bytes)
{
	char *mem = a->malloc(bytes);

	if (!mem) {
		perror("firstfit");
		exit(1);
	}
	memset(mem, 1, bytes);
	live_bytes += bytes;
	if (live_bytes > max_live_bytes)
		max_live_bytes = live_bytes;
	return mem;
}

static void put(const struct allocator *a, void *mem, size_t bytes)
{
	if (mem)
		live_bytes -= bytes;
	a->free(mem);
}

static size_t next_random(size_t limit)
{
	static unsigned long state = 88172645463325252UL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % limit;
}

/* A, B and D in a row; B and D are freed; then E, a little larger than B. */
static void trace_hole(const struct allocator *a)
{
	for (int i = 0; i < 20; i++) {
		void *first = get(a, 30 * KIB), *b = get(a, 40 * KIB);
		void *d = get(a, 100 * KIB), *e;

		sample_break();
		put(a, b, 40 * KIB);
		put(a, d, 100 * KIB);
		e = get(a, 120 * KIB);
		sample_break();
		put(a, first, 30 * KIB);
		put(a, e, 120 * KIB);
	}
}

#define NR_LIVE 1000

/* Blocks of random sizes that live for a random time. */
static void trace_churn(const struct allocator *a)
{
	static void *mem[NR_LIVE];
	static size_t bytes[NR_LIVE];

	for (int i = 0; i < 30000; i++) {
		size_t slot = next_random(NR_LIVE);

		put(a, mem[slot], bytes[slot]);
		bytes[slot] = next_random(16UL << next_random(10)) + 1;
		mem[slot] = get(a, bytes[slot]);
		if (i % 100 == 0)
			sample_break();
	}
	for (int slot = 0; slot < NR_LIVE; slot++)
		put(a, mem[slot], bytes[slot]);
}

#define PHASE_BYTES	(256 * KIB)

/* Small blocks first, then larger ones: nobody wants the old small holes. */
static void trace_phases(const struct allocator *a)
{
	static void *mem[PHASE_BYTES / 32];

	for (size_t bytes = 32; bytes <= 4096; bytes *= 2) {
		int nr = (int)(PHASE_BYTES / (long)bytes);

		for (int i = 0; i < nr; i++)
			mem[i] = get(a, bytes);
		sample_break();
		for (int i = 0; i < nr; i++)
			put(a, mem[i], bytes);
	}
}

static const struct trace {
	const char *name;
	void (*run)(const struct allocator *a);
} traces[] = {
	{ "hole", trace_hole },
	{ "churn", trace_churn },
	{ "phases", trace_phases },
};

/* ---- running and comparing ---- */

struct result {
	long micros, peak_kib, live_kib, end_kib, faults;
};

static long micros(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000L +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static struct result measure(const struct trace *trace,
			     const struct allocator *a)
{
	struct rusage before, after;
	struct result result;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);	/* no reserve, no caches */
	first_break = sbrk(0);
	getrusage(RUSAGE_SELF, &before);
	trace->run(a);
	getrusage(RUSAGE_SELF, &after);
	result.micros = micros(&after) - micros(&before);
	result.faults = after.ru_minflt - before.ru_minflt;
	result.peak_kib = (long)peak_bytes / KIB;
	result.live_kib = (long)max_live_bytes / KIB;
	result.end_kib = ((char *)sbrk(0) - first_break) / KIB;
	return result;
}

/* In a child, so that each begins with an empty heap. */
static int run_in_child(const struct trace *trace, const struct allocator *a,
			struct result *result)
{
	int fds[2], status;
	pid_t pid;

	if (pipe(fds) < 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		*result = measure(trace, a);
		_exit(write(fds[1], result, sizeof(*result)) !=
		      (ssize_t)sizeof(*result));
	}
	close(fds[1]);
	status = read(fds[0], result, sizeof(*result)) == sizeof(*result);
	close(fds[0]);
	waitpid(pid, NULL, 0);
	return status ? 0 : -1;
}

static void print_result(const struct trace *trace, const struct allocator *a,
			 const struct result *r)
{
	printf("%-8s %-9s %6ld ms %6ldK %6ldK  %ld.%02ld %6ldK %7ld\n",
	       trace->name, a->name, r->micros / 1000, r->live_kib,
	       r->peak_kib, r->peak_kib / r->live_kib,
	       r->peak_kib * 100 / r->live_kib % 100, r->end_kib, r->faults);
}

int main(void)
{
	int wrong = 0;

	puts("trace    allocator      time    live    peak waste     end  faults");
	fflush(stdout);		/* a child must not print it again */
	for (size_t t = 0; t < sizeof(traces) / sizeof(traces[0]); t++) {
		struct result result[2];

		for (int a = 0; a < 2; a++) {
			if (run_in_child(&traces[t], &allocators[a],
					 &result[a]) < 0) {
				perror("firstfit");
				return 1;
			}
			print_result(&traces[t], &allocators[a], &result[a]);
			fflush(stdout);
		}
		wrong |= result[0].peak_kib < result[1].peak_kib;
		wrong |= result[0].end_kib != result[0].peak_kib;
		wrong |= result[1].end_kib > 128;
	}
	puts("Bins find a fit without looking at every block, splitting and "
	     "merging keep\nthe heap small, and trimming gives it back.");
	return wrong;
}
