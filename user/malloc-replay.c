/*
 * malloc-replay: run a recorded program's allocations again, and measure.
 *
 *	malloc-replay				the four blocks of figures
 *	malloc-replay [--time] TRACE [ROUNDS]	what a program did
 *
 * tests/malloc/record.c makes traces and describes their format. The trace
 * is read before anything is measured. Every block is written once a page, as
 * its program would have done; what was never freed is freed at the end.
 *
 *	live	what the program had asked for at its most
 *	peak	what the heap and the mappings took, at most
 *	waste	peak over live: headers, rounding, holes, caches and reserve
 *	faults	minor ones, beginning with an empty heap
 *
 * Times vary and are only told when asked for. Built for another libc, and run
 * with any malloc preloaded, peak is the growth of the resident set instead.
 */
#include <ctype.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define KIB 1024
#define PAGE_BYTES 4096
#define SAMPLE_EVERY 64		/* operations between two looks at the heap */

static const char version[] = "malloc-trace 1\n";

/* A, B, C and D of the nine figures, and their frees. */
static const char figures[] =
	"malloc-trace 1\n"
	"a 1 7800\n" "a 2 a000\n" "a 3 32000\n" "a 4 19000\n"
	"f 3\n" "f 2\n" "f 4\n" "f 1\n";

struct op {
	char call;		/* as in the trace */
	uint32_t block;		/* index in blocks[], from 1 */
	size_t bytes;
	size_t alignment;	/* of an 'm' */
};

struct block {
	char *mem;
	size_t bytes;
};

static struct op *ops;
static size_t nr_ops;
static struct block *blocks;

static size_t live, max_live, max_taken, first_taken;

/* With the host's libc the malloc is anybody's; only ours has a walker. */
#ifdef __GLIBC__
const char *__heap_check(void **where) __attribute__((weak));
int __heap_reset(void) __attribute__((weak));
#endif
static int (*const heap_reset)(void) = __heap_reset;
static const char *(*const heap_check)(void **where) = __heap_check;

/* ---- reading the trace ---- */

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Memory for the tool itself, outside the heap that it measures. */
static void *map(size_t bytes)
{
	void *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (mem == MAP_FAILED)
		fail("malloc-replay: mmap");
	return mem;
}

/* The whole file as a string. */
static const char *read_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	size_t bytes = 0;
	struct stat st;
	ssize_t n = 1;
	char *text;

	if (fd < 0 || fstat(fd, &st) < 0)
		fail(path);
	text = map((size_t)st.st_size + 1);
	while (n > 0 && bytes < (size_t)st.st_size) {
		n = read(fd, text + bytes, (size_t)st.st_size - bytes);
		if (n < 0)
			fail(path);
		bytes += (size_t)n;
	}
	close(fd);
	return text;
}

/* Names to blocks: open addressing; a dead name stays, for its next life. */
struct table {
	struct name {
		size_t name;
		uint32_t block;	/* 0: none */
	} *names;
	size_t mask;
};

static struct table table_for(size_t nr)
{
	struct table table = { .mask = 1023 };

	while (table.mask < 2 * nr)
		table.mask = table.mask * 2 + 1;
	table.names = map((table.mask + 1) * sizeof(*table.names));
	return table;
}

/* Where @name is, or may be put; 0 is no name. */
static struct name *find(const struct table *table, size_t name)
{
	size_t i = name * 0x9e3779b97f4a7c15 >> 20 & table->mask;

	while (table->names[i].name && table->names[i].name != name)
		i = (i + 1) & table->mask;
	table->names[i].name = name;
	return &table->names[i];
}

static _Noreturn void refuse(const char *what)
{
	fprintf(stderr, "malloc-replay: line %zu %s\n", nr_ops + 1, what);
	exit(1);
}

/* The next number of a line. */
static size_t number(const char **text)
{
	char *end;
	size_t n;

	if (**text != ' ' || !isxdigit((unsigned char)(*text)[1]))
		refuse("is damaged");
	n = strtoul(*text, &end, 16);
	*text = end;
	return n;
}

/* The live block called @name, which may now be given to another. */
static uint32_t take(struct name *name)
{
	uint32_t block = name->block;

	if (!block)
		refuse("names a block that is not live");
	name->block = 0;
	return block;
}

static void give(struct name *name, uint32_t block)
{
	if (!name->name)
		refuse("is damaged");
	if (name->block)
		refuse("gives a name that a live block has");
	name->block = block;
}

/* One line, which is the last of ops[]. Returns what follows it. */
static const char *parse_line(const char *text, struct op *op,
			      const struct table *table, uint32_t *nr_blocks)
{
	struct name *name;

	op->call = *text++;
	name = find(table, number(&text));
	if (!strchr("amrf", op->call) || !name->name)
		refuse("is damaged");
	if (op->call != 'f')
		op->bytes = number(&text);
	if (op->call == 'm') {
		op->alignment = number(&text);
		if (!op->alignment || op->alignment & (op->alignment - 1))
			refuse("has an alignment that is no power of two");
	}
	op->block = strchr("rf", op->call) ? take(name) : (*nr_blocks)++;
	if (op->call == 'r')
		name = find(table, number(&text));
	if (op->call != 'f')
		give(name, op->block);
	if (*text != '\n')
		refuse("is damaged");
	return text + 1;
}

static size_t count_lines(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

static void parse(const char *text)
{
	size_t lines = count_lines(text);
	struct table table = table_for(lines);
	uint32_t nr_blocks = 1;

	if (strncmp(text, version, sizeof(version) - 1)) {
		fputs("malloc-replay: no trace of version 1\n", stderr);
		exit(1);
	}
	text += sizeof(version) - 1;
	ops = map((lines + 1) * sizeof(*ops));
	while (*text)
		text = parse_line(text, &ops[nr_ops++], &table, &nr_blocks);
	munmap(table.names, (table.mask + 1) * sizeof(*table.names));
	blocks = map(nr_blocks * sizeof(*blocks));
}

/* ---- running it ---- */

static void account(struct block *b, char *mem, size_t bytes)
{
	live += bytes - b->bytes;
	if (live > max_live)
		max_live = live;
	b->mem = mem;
	b->bytes = bytes;
	for (size_t i = 0; i < bytes; i += PAGE_BYTES)
		mem[i] = 1;
}

static char *allocate(const struct op *op, char *old)
{
	char *mem;

	if (op->call == 'r')
		mem = realloc(old, op->bytes);
	else if (op->call == 'm')
		mem = memalign(op->alignment, op->bytes);
	else
		mem = malloc(op->bytes);
	if (!mem && op->bytes)
		fail("malloc-replay");
	return mem;
}

static void release(struct block *b)
{
	free(b->mem);
	account(b, NULL, 0);
}

static void run_op(const struct op *op)
{
	struct block *b = &blocks[op->block];

	if (op->call == 'f')
		release(b);
	else
		account(b, allocate(op, b->mem), op->bytes);
}

/* ---- measuring ---- */

static long resident_pages(void)
{
	static char text[128];
	int fd = open("/proc/self/statm", O_RDONLY);
	char *rest;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		fail("/proc/self/statm");
	close(fd);
	strtol(text, &rest, 10);
	return strtol(rest, NULL, 10);
}

static size_t taken(void)
{
	struct mallinfo2 info;

	if (!heap_check)
		return (size_t)resident_pages() * PAGE_BYTES;
	info = mallinfo2();
	return info.arena + info.hblkhd;
}

static void sample(void)
{
	size_t now = taken();

	if (now > first_taken && now - first_taken > max_taken)
		max_taken = now - first_taken;
}

/* Without looks at the heap, only the calls take time. */
static void run(int with_looks)
{
	for (size_t i = 0; i < nr_ops; i++) {
		run_op(&ops[i]);
		if (with_looks && (i % SAMPLE_EVERY == 0 || nr_ops < 1000))
			sample();
	}
	for (size_t i = 0; i < nr_ops; i++)
		release(&blocks[ops[i].block]);
}

static long cpu_micros(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000L +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

/*
 * One round for rehearsal, so that the program's own pages are there; then the
 * heap is emptied again. The next round tells size and faults, all tell time.
 */
static void measure(long rounds, int with_time)
{
	static struct rusage before, after;
	long faults;

	run(1);
	max_taken = 0;
	if (heap_reset)
		heap_reset();
	else
		malloc_trim(0);
	getrusage(RUSAGE_SELF, &before);
	first_taken = taken();
	run(!with_time);
	getrusage(RUSAGE_SELF, &after);
	faults = after.ru_minflt - before.ru_minflt;
	for (long i = 1; i < rounds; i++)
		run(0);
	getrusage(RUSAGE_SELF, &after);
	printf("ops %zu  live %zuK", nr_ops * (size_t)rounds, max_live / KIB);
	if (with_time)
		printf("  time %ld us",
		       cpu_micros(&after) - cpu_micros(&before));
	else
		printf("  peak %zuK  waste %zu.%02zu", max_taken / KIB,
		       max_taken / (max_live + 1),
		       max_taken * 100 / (max_live + 1) % 100);
	printf("  faults %ld", faults);
}

int main(int argc, char **argv)
{
	int with_time = argc > 1 && !strcmp(argv[1], "--time");
	const char *wrong = NULL;
	long rounds = 1;

	argv += with_time;
	argc -= with_time;
	if (argc > 2)
		rounds = strtol(argv[2], NULL, 10);
	if (argc > 3 || rounds < 1) {
		fputs("usage: malloc-replay [--time] [TRACE [ROUNDS]]\n",
		      stderr);
		return 2;
	}
	parse(argc > 1 ? read_file(argv[1]) : figures);
	measure(rounds, with_time);
	if (heap_check)
		wrong = heap_check(NULL);
	printf("  heap %s\n", wrong ? wrong : heap_check ? "sound" : "not ours");
	return wrong != NULL;
}
