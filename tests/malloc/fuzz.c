/*
 * fuzz: a sequence of bytes is a sequence of calls; after each one the whole
 * heap must be sound and every block must hold what was written to it.
 *
 *	clang -fsanitize=fuzzer,address ...	a libFuzzer target
 *	otherwise, fuzz FILE...			runs each file, for AFL++ and the corpus
 *
 * make fuzz builds and runs the first; test_malloc_corpus runs what it found.
 */
#include "../host/malloc_test_port.h"

#include <stdlib.h>

#include "../../libc/include/malloc.h"

#define NR_SLOTS	32
#define MAX_INPUT	4096

static struct slot {
	unsigned char *mem;
	size_t bytes;
} slots[NR_SLOTS];

static void must(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

/* The fill is made from the address of the slot, so that no two agree. */
static unsigned char fill_of(const struct slot *s)
{
	return 0x40 + (s - slots);
}

static void check(const struct slot *s, size_t bytes)
{
	/* Not byte by byte: the fuzzer would look into each comparison. */
	must(!bytes || (s->mem[0] == fill_of(s) &&
			!memcmp(s->mem, s->mem + 1, bytes - 1)),
	     "a block has changed");
}

static void own(struct slot *s, void *mem, size_t bytes)
{
	must((uintptr_t)mem % 16 == 0, "misaligned block");
	s->mem = mem;
	s->bytes = mem ? bytes : 0;
	if (!mem)
		return;
	must(malloc_usable_size(mem) >= bytes, "short block");
	memset(mem, fill_of(s), bytes);
}

static void give_back(struct slot *s)
{
	check(s, s->bytes);
	free(s->mem);
	s->mem = NULL;
	s->bytes = 0;
}

static void resize(struct slot *s, size_t bytes)
{
	size_t kept = bytes < s->bytes ? bytes : s->bytes;
	void *mem = realloc(s->mem, bytes + 1);

	if (!mem)
		return;
	s->mem = mem;
	check(s, kept);
	own(s, mem, bytes);
}

/* Two bytes of size cover all bins, the caches and the threshold. */
static size_t decode_bytes(const uint8_t *p)
{
	size_t n = p[0] | p[1] << 8;

	switch (n >> 14) {
	case 0:
		return n & 1023;
	case 1:
		return n & 16383;
	case 2:
		return (n & 16383) * 4;
	default:
		return (n & 16383) * 16;
	}
}

/*
 * Any value must do: switches take its lowest bit, all others the whole. The
 * next input's M_MODE sets anew what reset_options() leaves.
 */
static void tune(unsigned int which, size_t value)
{
	static const int params[16] = {
		M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX,
		M_PERTURB, M_ARENA_MAX, M_MXFAST, M_MODE,
		M_CACHE, M_ZERO, M_QUARANTINE, M_GUARD,
		M_RANDOM, M_QUARANTINE, M_PERTURB, M_ZERO,
	};

	if (!mallopt(params[which % 16], value))
		mallopt(params[which % 16], value & 1);
}

static void reset_options(void)
{
	static const int params[] = {
		M_PERTURB, M_ZERO, M_QUARANTINE, M_GUARD, M_RANDOM,
	};

	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
		must(mallopt(params[i], 0), "an option refuses 0");
}

/* One call: what, which slot, how large. */
static void step(const uint8_t *p)
{
	struct slot *s = &slots[p[1] % NR_SLOTS];
	size_t bytes = decode_bytes(p + 2);

	test_fail_at = p[0] & 0x80 ? test_port_calls + 1 : 0;
	switch (p[0] & 7) {
	case 0:
	case 1:
		give_back(s);
		own(s, malloc(bytes), bytes);
		break;
	case 2:
		resize(s, bytes);
		break;
	case 3:
		give_back(s);
		own(s, memalign(16UL << (p[0] >> 3 & 7), bytes), bytes);
		break;
	case 4:
		give_back(s);
		own(s, calloc(1, bytes), bytes);
		break;
	case 5:
		malloc_trim(bytes);
		break;
	case 6:
		give_back(s);
		break;
	default:
		tune(p[0] >> 3, bytes);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *wrong;

	if (size < 5 || size > MAX_INPUT)
		return 0;
	mallopt(M_MODE, data[0] % 3);
	for (size_t i = 1; i + 4 <= size; i += 4) {
		step(data + i);
		wrong = __heap_check(NULL);
		must(!wrong, wrong);
	}
	test_fail_at = 0;
	reset_options();
	for (int i = 0; i < NR_SLOTS; i++)
		give_back(&slots[i]);
	__malloc_thread_exit();
	must(__heap_reset() == 0, "blocks in use after the last free");
	must(test_brk == 0 && test_mapped_bytes == 0, "memory is lost");
	return 0;
}

#ifndef LIBFUZZER
int main(int argc, char **argv)
{
	static uint8_t data[MAX_INPUT];

	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");

		must(file != NULL, argv[i]);
		LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof(data),
						   file));
		fclose(file);
	}
	printf("%d inputs, nothing wrong\n", argc - 1);
	return 0;
}
#endif
