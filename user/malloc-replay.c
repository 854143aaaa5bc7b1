/*
 * malloc-replay: run a recorded program's allocations again, and measure.
 *
 *	malloc-replay TRACE [ROUNDS]
 *
 * The trace comes from libc/malloc/ports/record.c: `a MEM BYTES` allocated,
 * `r MEM BYTES NEW` resized, `f MEM` freed, all in hex. It is read before the
 * clock starts. Every block is written at both ends, as its program would.
 *
 *	time	CPU time of the calls
 *	live	what the program had asked for at its most
 *	peak	what the heap and the mappings took then, at most
 *	waste	peak over live: the price of headers, rounding, holes and caches
 */
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
#define SAMPLE_EVERY 256	/* operations between two looks at the heap */

struct op {
	char call;
	uint32_t block;		/* index in blocks[] */
	size_t bytes;
};

struct block {
	char *mem;
	size_t bytes;
};

static struct op *ops;
static size_t nr_ops;
static struct block *blocks;

static size_t live, max_live, max_taken;

/* ---- reading the trace ---- */

/* Memory for the tool itself, outside the heap that it measures. */
static void *map(size_t bytes)
{
	void *mem = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED) {
		perror("malloc-replay: mmap");
		exit(1);
	}
	return mem;
}

static char *read_file(const char *path, size_t *bytes)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0) {
		perror(path);
		exit(1);
	}
	text = map((size_t)st.st_size + 1);
	for (*bytes = 0; *bytes < (size_t)st.st_size; *bytes += (size_t)n) {
		n = read(fd, text + *bytes, (size_t)st.st_size - *bytes);
		if (n <= 0)
			break;
	}
	close(fd);
	return text;
}

/* Which block has which recorded address: open addressing, grown never. */
static uintptr_t *keys;
static uint32_t *values;
static size_t table_mask;

/* Where @key is, or may be put. A freed address stays, for its next life. */
static size_t find(uintptr_t key)
{
	size_t i = (key >> 4) * 0x9e3779b97f4a7c15 >> 20 & table_mask;

	while (keys[i] && keys[i] != key)
		i = (i + 1) & table_mask;
	keys[i] = key;
	return i;
}

static size_t count_lines(const char *text)
{
	size_t nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

static void parse(char *text)
{
	size_t lines = count_lines(text), size = 1024;
	uint32_t nr_blocks = 1;

	while (size < 2 * lines)
		size *= 2;
	table_mask = size - 1;
	keys = map(size * sizeof(*keys));
	values = map(size * sizeof(*values));
	ops = map((lines + 1) * sizeof(*ops));
	while (*text) {
		struct op *op = &ops[nr_ops++];
		size_t at;

		op->call = *text++;
		at = find(strtoul(text, &text, 16));
		if (op->call != 'f')
			op->bytes = strtoul(text, &text, 16);
		if (op->call == 'a')
			values[at] = nr_blocks++;
		op->block = values[at];
		if (op->call != 'a')
			values[at] = 0;
		if (op->call == 'r')
			values[find(strtoul(text, &text, 16))] = op->block;
		text = strchr(text, '\n');
		if (!text)
			break;
		text++;
	}
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
	if (mem && bytes) {
		mem[0] = 1;
		mem[bytes - 1] = 1;
	}
}

static void run_op(const struct op *op)
{
	struct block *b = &blocks[op->block];
	char *mem;

	if (!op->block)
		return;		/* allocated before the recording began */
	if (op->call == 'f') {
		free(b->mem);
		account(b, NULL, 0);
		return;
	}
	mem = op->call == 'r' ? realloc(b->mem, op->bytes) : malloc(op->bytes);
	if (!mem && op->bytes) {
		perror("malloc-replay");
		exit(1);
	}
	account(b, mem, op->bytes);
}

static void sample(void)
{
	struct mallinfo2 info = mallinfo2();

	if (info.arena + info.hblkhd > max_taken)
		max_taken = info.arena + info.hblkhd;
}

static void run(void)
{
	for (size_t i = 0; i < nr_ops; i++) {
		run_op(&ops[i]);
		if (i % SAMPLE_EVERY == 0)
			sample();
	}
	for (size_t i = 0; i < nr_ops; i++) {	/* what was never freed */
		struct block *b = &blocks[ops[i].block];

		free(b->mem);
		account(b, NULL, 0);
	}
}

static long cpu_micros(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static long minor_faults(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

int main(int argc, char **argv)
{
	long rounds = argc > 2 ? atol(argv[2]) : 1, micros, faults;
	const char *wrong;
	size_t bytes;

	if (argc < 2) {
		fputs("usage: malloc-replay TRACE [ROUNDS]\n", stderr);
		return 2;
	}
	parse(read_file(argv[1], &bytes));
	if (!nr_ops) {
		fputs("malloc-replay: the trace is empty\n", stderr);
		return 1;
	}
	micros = cpu_micros();
	faults = minor_faults();
	for (long i = 0; i < rounds; i++)
		run();
	micros = cpu_micros() - micros;
	faults = minor_faults() - faults;
	wrong = __heap_check(NULL);
	printf("ops %zu  time %ld.%03ld ms  live %zuK  peak %zuK  waste %zu.%02zu"
	       "  faults %ld  heap %s\n", nr_ops * (size_t)rounds,
	       micros / 1000, micros % 1000, max_live / KIB, max_taken / KIB,
	       max_taken / (max_live + 1), max_taken * 100 / (max_live + 1) % 100,
	       faults, wrong ? wrong : "sound");
	return wrong != NULL;
}
