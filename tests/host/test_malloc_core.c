// build: -DMALLOC_NO_THREADS -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/ports/fixed.c
/*
 * If this fails, libc/malloc/tools/ is no longer optional: who copies only the
 * allocator cannot link it, or it loses memory.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../libc/include/malloc.h"
#include "../../libc/malloc/ports/fixed.h"

#define NR_SLOTS	200
#define NR_CALLS	100000
#define LARGEST		8000

static char buffer[1 << 20];
static unsigned char *blocks[NR_SLOTS];
static size_t lengths[NR_SLOTS];

static bool is_filled(unsigned int i)
{
	for (size_t at = 0; at < lengths[i]; at++)
		if (blocks[i][at] != (unsigned char)i)
			return false;
	return true;
}

/* One call for slot @i; false: its block does not hold what was written. */
static bool change(unsigned int i, size_t n)
{
	unsigned char *new;

	if (!is_filled(i))
		return false;
	switch (rand() % 4) {
	case 0:
		new = realloc(blocks[i], n);
		break;
	case 1:
		free(blocks[i]);
		new = memalign(64, n);
		break;
	default:
		free(blocks[i]);
		new = malloc(n);
	}
	if (!new)
		return false;
	blocks[i] = new;
	lengths[i] = n;
	memset(new, (int)i, n);
	return true;
}

/* The longest block that there is, to the kilobyte. */
static size_t longest(void)
{
	size_t n = sizeof(buffer);
	void *mem;

	while (!(mem = malloc(n)) && n > 1024)
		n -= 1024;
	free(mem);
	return n;
}

int main(void)
{
	const char *name = "malloc_core_works_without_its_tools";
	size_t before, after;

	fixed_heap(buffer, sizeof(buffer));
	before = longest();
	for (int calls = 0; calls < NR_CALLS; calls++) {
		if (!change(rand() % NR_SLOTS,
			    rand() % LARGEST / 2 + 1)) {
			printf("FAIL %s: got a damaged or no block, call %d\n",
			       name, calls);
			return 1;
		}
	}
	for (int i = 0; i < NR_SLOTS; i++)
		free(blocks[i]);
	after = longest();
	if (after != before) {
		printf("FAIL %s: got %zu bytes at last, want %zu\n", name,
		       after, before);
		return 1;
	}
	printf("PASS %s\n", name);
	return 0;
}
