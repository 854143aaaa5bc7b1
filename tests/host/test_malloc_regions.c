// build: -idirafter kernel/include -D_GNU_SOURCE -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/user.c
/*
 * If these fail, a large heap ends in a message that blames the program, or
 * calloc() hands out what somebody else has left in the break's last page.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../libc/include/malloc.h"

#define MIB		(1024 * 1024UL)
#define NR_BLOCKS	100
#define BLOCK_BYTES	(64 * MIB)

static int failures;

static void expect(const char *name, const char *got, const char *want)
{
	if (!strcmp(got, want)) {
		printf("PASS %s\n", name);
		return;
	}
	printf("FAIL %s: got %s, want %s\n", name, got, want);
	failures++;
}

static const char *heap_state(void)
{
	const char *wrong = __heap_check(NULL);

	return wrong ? wrong : "sound";
}

/* 6.4 GB in blocks of which only the headers are touched; a chunk has 32 bits. */
static void test_beyond_chunk_max(int step)
{
	static void *blocks[NR_BLOCKS];
	char name[100], state[100] = "sound";

	mallopt(M_MMAP_MAX, 0);
	for (int i = 0; i < NR_BLOCKS; i++)
		if (!(blocks[i] = malloc(BLOCK_BYTES)))
			strcpy(state, "no memory");
	for (int i = 0; i < NR_BLOCKS; i++) {
		free(blocks[i * step % NR_BLOCKS]);
		if (!strcmp(state, "sound"))
			strcpy(state, heap_state());
	}
	free(malloc(100000));
	if (!strcmp(state, "sound"))
		strcpy(state, heap_state());
	snprintf(name, sizeof(name),
		 "malloc_heap_beyond_4_gib_stays_sound_step_%d", step);
	expect(name, state, "sound");
	mallopt(M_MMAP_MAX, 65536);
	__heap_reset();
}

/* A block that no chunk can hold is mapped, whatever M_MMAP_MAX says. */
static void test_huge_block(void)
{
	char *block;

	mallopt(M_MMAP_MAX, 0);
	block = malloc(5000 * MIB);
	if (block)
		block[5000 * MIB - 1] = 1;
	expect("malloc_block_beyond_4_gib_exists", block ? "a block" : "NULL",
	       "a block");
	free(block);
	mallopt(M_MMAP_MAX, 65536);
}

/* Somebody moved the break up and, not quite so far, down: Linux keeps the page. */
static void test_ragged_break(void)
{
	const char *found = "zeros";
	char *foreign;

	free(malloc(1));
	foreign = sbrk(9000);
	memset(foreign, 0x5a, 9000);
	sbrk(-8900);
	for (int i = 0; i < 400; i++) {
		char *block = calloc(1, 1100);

		for (int at = 0; at < 1100; at++)
			if (block[at])
				found = "what somebody has left";
	}
	expect("calloc_behind_foreign_break_is_zero", found, "zeros");
	expect("malloc_behind_foreign_break_stays_sound", heap_state(), "sound");
}

int main(void)
{
	static char output[4096];	/* else glibc's malloc moves the break */

	setvbuf(stdout, output, _IOLBF, sizeof(output));
	test_beyond_chunk_max(1);
	test_beyond_chunk_max(37);
	test_huge_block();
	test_ragged_break();
	return failures != 0;
}
