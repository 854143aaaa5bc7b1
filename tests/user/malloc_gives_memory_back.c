/*
 * A program that was large once would stay large for ever: large blocks go back
 * at once, and the end of the heap when enough of it is free.
 */
#include <malloc.h>
#include <stdlib.h>

#include "memory.h"

#define KIB 1024UL

static char *volatile blocks[64];

static long heap_kib(void)
{
	static char *start;

	if (!start)
		start = (char *)sys(SYS_brk, 0);
	return ((char *)sys(SYS_brk, 0) - start) / (long)KIB;
}

/* 64 blocks of 64 KiB: how large is the heap with them, and after them? */
static long left_after_free(long *while_used)
{
	for (int i = 0; i < 64; i++)
		blocks[i] = malloc(64 * KIB);
	*while_used = heap_kib();
	for (int i = 0; i < 64; i++)
		free(blocks[i]);
	return heap_kib();
}

int main(void)
{
	char *volatile mem;	/* looked at after free: that is the point */
	long used, left;

	heap_kib();
	CHECK_EQ(mallopt(M_MODE, MALLOC_MODE_TEXTBOOK), 1);
	left = left_after_free(&used);
	CHECK(used >= 64 * 64);
	CHECK(left < 128);

	/* Never trimmed by free when told so, but on demand. */
	CHECK_EQ(mallopt(M_TRIM_THRESHOLD, -1), 1);
	left = left_after_free(&used);
	CHECK_EQ(left, used);
	CHECK_EQ(malloc_trim(0), 1);
	CHECK(heap_kib() <= 8);

	/* M_TOP_PAD asks for more at once. */
	CHECK_EQ(mallopt(M_TOP_PAD, 1 << 20), 1);
	mem = malloc(100000);
	CHECK(heap_kib() >= 1024);
	free(mem);

	/* Above the threshold: a mapping, gone with its free. */
	mem = malloc(1 << 20);
	CHECK_EQ(probe(mem), CAN_BOTH);
	free(mem);
	CHECK_EQ(probe(mem), NOTHING);

	CHECK_EQ(mallopt(12345, 1), 0);
	return check_passed();
}
