/*
 * firstfit: the malloc of every tutorial, beside the real one.
 *
 *	firstfit		the table
 *	firstfit --no-time	without CPU times: figures that never vary
 *
 * Many texts build their first allocator from sbrk() and a block header with a
 * size and an "available" flag. malloc() takes the first available block that
 * is large enough; free() sets the flag. Nothing is ever split, merged or
 * given back. Here it is, in fifty lines, and then both allocators run the
 * same traces, each in a process of its own:
 *
 *	live	what the program had asked for at its most
 *	peak	how far the break had moved then, at most
 *	waste	peak over live: headers, rounding, holes that nobody can use
 *	end	what of the heap is left once everything was freed
 *	faults	minor ones: pages that had to be brought in
 *	looks	blocks looked at for each malloc, on average
 *	time	of the processor, to run the trace
 *
 * malloc runs in textbook mode: no caches and no reserve, so that bins, merging
 * and trimming are all that makes the difference. The program fails unless
 * malloc has the lower peak, end and faults in every trace.
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
static long looks;		/* blocks looked at, ever */

/* The first available block of at least @bytes, or NULL. */
static struct block *first_fit(size_t bytes)
{
	char *at = heap_start;

	while (at < heap_end) {
		struct block *block = (struct block *)at;

		looks++;
		if (block->available && block->bytes >= bytes)
			return block;
		at += sizeof(*block) + block->bytes;
	}
	return NULL;
}

/* A new block, where the heap ends so far: it is ours alone, nobody else moves it. */
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

	if (bytes > PTRDIFF_MAX - 32)	/* what follows would wrap around */
		return NULL;
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

/* Begin anew, with an empty heap. */
static void firstfit_reset(void)
{
	port_sbrk(heap_start - heap_end);
	heap_start = heap_end = NULL;
	looks = 0;
}

/* ---- what the traces are made of ---- */

static void malloc_reset(void)
{
	__heap_reset();
}

static const struct allocator {
	const char *name;
	void *(*malloc)(size_t bytes);
	void (*free)(void *mem);
	void (*reset)(void);
} allocators[] = {
	{ "firstfit", firstfit_malloc, firstfit_free, firstfit_reset },
	{ "malloc", malloc, free, malloc_reset },
};

enum { FIRSTFIT, MALLOC, NR_ALLOCATORS };

struct result {
	long peak_bytes, live_bytes, end_bytes;
	long faults, looks, mallocs, micros;
};

/* Of the one trace that this process runs. */
static struct result result;
static long live_bytes;
static char *first_break;

static void sample_break(void)
{
	long bytes = (char *)sbrk(0) - first_break;

	if (bytes > result.peak_bytes)
		result.peak_bytes = bytes;
}

static void *get(const struct allocator *a, size_t bytes)
{
	char *mem = a->malloc(bytes);

	if (!mem) {
		perror("firstfit");
		exit(1);
	}
	memset(mem, 1, bytes);
	live_bytes += (long)bytes;
	if (live_bytes > result.live_bytes)
		result.live_bytes = live_bytes;
	result.mallocs++;
	sample_break();
	return mem;
}

static void put(const struct allocator *a, void *mem, size_t bytes)
{
	if (mem)
		live_bytes -= (long)bytes;
	a->free(mem);
}

static unsigned long random_state;

static size_t next_random(size_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % limit;
}

/* ---- the traces ---- */

/*
 * The nine figures' A, B and D at 64 times their number; B and D go, then E
 * comes, which is larger than either. Merged, there is room for it.
 */
static void trace_hole(const struct allocator *a)
{
	void *mem[64][2];

	for (int i = 0; i < 64; i++) {
		void *b, *d;

		mem[i][0] = get(a, 3000);
		b = get(a, 4000);
		d = get(a, 10000);
		put(a, b, 4000);
		put(a, d, 10000);
		mem[i][1] = get(a, 12000);
	}
	for (int i = 0; i < 64; i++) {
		put(a, mem[i][0], 3000);
		put(a, mem[i][1], 12000);
	}
}

#define NR_LIVE 1000

/* Blocks of random sizes that live for a random time. */
static void trace_churn(const struct allocator *a)
{
	static void *mem[NR_LIVE];
	static size_t bytes[NR_LIVE];

	random_state = 88172645463325252UL;
	memset(mem, 0, sizeof(mem));
	for (int i = 0; i < 10000; i++) {
		size_t slot = next_random(NR_LIVE);

		put(a, mem[slot], bytes[slot]);
		bytes[slot] = next_random(16UL << next_random(10)) + 1;
		mem[slot] = get(a, bytes[slot]);
	}
	for (int slot = 0; slot < NR_LIVE; slot++)
		put(a, mem[slot], bytes[slot]);
}

#define PHASE_BYTES	(256 * KIB)

/*
 * Small blocks first, then larger ones: nobody wants the old small holes.
 * The last block of each phase stays, so that the heap cannot simply be given
 * back between two phases.
 */
static void trace_phases(const struct allocator *a)
{
	static void *mem[PHASE_BYTES / 64];
	void *last[16];
	int phases = 0;

	for (size_t bytes = 64; bytes <= 4096; bytes *= 2) {
		int nr = (int)(PHASE_BYTES / (long)bytes) - 1;

		for (int i = 0; i < nr; i++)
			mem[i] = get(a, bytes);
		last[phases++] = get(a, bytes);
		for (int i = 0; i < nr; i++)
			put(a, mem[i], bytes);
	}
	while (phases-- > 0)
		put(a, last[phases], 4096UL >> (6 - phases));
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

static long micros(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000L +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

static void run(const struct trace *trace, const struct allocator *a)
{
	memset(&result, 0, sizeof(result));
	live_bytes = 0;
	first_break = sbrk(0);
	trace->run(a);
	result.end_bytes = (char *)sbrk(0) - first_break;
	result.looks = looks;
}

/*
 * Once for rehearsal: the program's own pages come in then, and what the
 * second run takes in faults, it takes for its heap.
 */
static void measure(const struct trace *trace, const struct allocator *a)
{
	static struct rusage before, after;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);	/* no reserve, no caches */
	run(trace, a);
	a->reset();
	getrusage(RUSAGE_SELF, &before);
	run(trace, a);
	getrusage(RUSAGE_SELF, &after);
	result.micros = micros(&after) - micros(&before);
	result.faults = after.ru_minflt - before.ru_minflt;
}

/* In a child, so that each begins with an empty heap. False: no result. */
static int run_in_child(const struct trace *trace, const struct allocator *a,
			struct result *r)
{
	int fds[2];
	ssize_t got;
	pid_t pid;

	if (pipe(fds) < 0 || (pid = fork()) < 0)
		return 0;
	if (pid == 0) {
		measure(trace, a);
		_exit(write(fds[1], &result, sizeof(result)) < 0);
	}
	close(fds[1]);
	got = read(fds[0], r, sizeof(*r));
	close(fds[0]);
	waitpid(pid, NULL, 0);
	return got == (ssize_t)sizeof(*r);
}

/* @tenths with one digit behind the point. */
static void print_tenths(int width, long tenths)
{
	printf(" %*ld.%ld", width - 2, tenths / 10, tenths % 10);
}

static void print_result(const struct trace *trace, int which,
			 const struct result *r, int with_time)
{
	printf("%-8s %-9s %6ldK %6ldK", trace->name, allocators[which].name,
	       r->live_bytes / KIB, r->peak_bytes / KIB);
	print_tenths(6, r->peak_bytes * 10 / r->live_bytes);
	printf(" %6ldK %7ld", r->end_bytes / KIB, r->faults);
	if (which == FIRSTFIT)
		print_tenths(8, r->looks * 10 / r->mallocs);
	else
		printf(" %8s", "bins");
	if (with_time)
		printf(" %6ld us", r->micros);
	puts("");
	fflush(stdout);		/* or a child would print it again */
}

/* What this program claims: the first allocator is worse than the second. */
static int is_worse(const struct result *first, const struct result *second)
{
	return first->peak_bytes > second->peak_bytes &&
	       first->end_bytes == first->peak_bytes &&
	       second->end_bytes < second->peak_bytes &&
	       first->faults > second->faults;
}

static int compare(const struct trace *trace, int with_time)
{
	struct result r[NR_ALLOCATORS];

	for (int a = 0; a < NR_ALLOCATORS; a++) {
		if (!run_in_child(trace, &allocators[a], &r[a])) {
			perror("firstfit");
			return 0;
		}
		print_result(trace, a, &r[a], with_time);
	}
	if (is_worse(&r[FIRSTFIT], &r[MALLOC]))
		return 1;
	printf("%s: firstfit should have been worse\n", trace->name);
	return 0;
}

int main(int argc, char **argv)
{
	int with_time = argc < 2 || strcmp(argv[1], "--no-time");
	int good = 1;

	if (argc > 2 - with_time) {
		fputs("usage: firstfit [--no-time]\n", stderr);
		return 2;
	}
	printf("trace    allocator    live    peak  waste     end  faults"
	       "    looks%s\n", with_time ? "      time" : "");
	fflush(stdout);
	for (size_t t = 0; t < sizeof(traces) / sizeof(traces[0]); t++)
		good &= compare(&traces[t], with_time);
	puts("Bins find a fit without looking at block after block; splitting "
	     "and merging\nkeep the heap small, and trimming gives it back.");
	return !good;
}
