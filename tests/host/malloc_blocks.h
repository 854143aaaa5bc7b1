/*
 * malloc_blocks.h - very many blocks, and how to free them; what is resident.
 *
 * Include it once, with -D_GNU_SOURCE.
 */
#pragma once

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../libc/include/malloc.h"
#include "../../libc/malloc/chunk.h"

#define NR_MAX	1000000

static void *blocks[NR_MAX], *kept[NR_MAX];
static int failures;

static inline uint64_t next_random(void)
{
	static uint64_t state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Without stdio, which would allocate. */
static inline long resident_kib(void)
{
	char text[100] = "", *second;
	int fd = open("/proc/self/statm", O_RDONLY);

	if (read(fd, text, sizeof(text) - 1) < 0)
		return -1;
	close(fd);
	second = strchr(text, ' ');
	return second ? strtol(second, NULL, 10) * 4 : -1;
}

static inline void at_most(const char *name, long got, long want)
{
	if (got <= want) {
		printf("PASS %s (%ld <= %ld)\n", name, got, want);
		return;
	}
	printf("FAIL %s: got %ld, want at most %ld\n", name, got, want);
	failures++;
}

static inline void at_least(const char *name, long got, long want)
{
	if (got >= want) {
		printf("PASS %s (%ld >= %ld)\n", name, got, want);
		return;
	}
	printf("FAIL %s: got %ld, want at least %ld\n", name, got, want);
	failures++;
}

static inline void allocate(size_t bytes, long nr)
{
	for (long i = 0; i < nr; i++) {
		blocks[i] = malloc(bytes);
		memset(blocks[i], 1, bytes);
	}
}

static inline void free_forward(long nr)
{
	for (long i = 0; i < nr; i++)
		free(blocks[i]);
}

static inline void free_reverse(long nr)
{
	while (nr-- > 0)
		free(blocks[nr]);
}

static inline void free_random(long nr)
{
	for (long i = nr - 1; i > 0; i--) {
		long j = next_random() % (i + 1);
		void *swap = blocks[i];

		blocks[i] = blocks[j];
		blocks[j] = swap;
	}
	free_forward(nr);
}

/* stdout's buffer is ours: glibc's malloc would move the break for it. */
static inline void blocks_begin(void)
{
	static char output[4096];

	setvbuf(stdout, output, _IOLBF, sizeof(output));
	memset(blocks, 0, sizeof(blocks));
	free(malloc(1));
}
