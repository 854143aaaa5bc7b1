// build: -Ilibc -idirafter kernel/include -DMALLOC_NO_THREADS -include libc/malloc/tools/prefix.h libc/malloc/*.c libc/malloc/tools/*.c libc/malloc/ports/fixed.c
/*
 * If this fails, the first thing that the author of an operating system tries
 * fails: the example of libc/malloc/README.md, which must be this very text.
 */
#define main example

#include <stdint.h>
#include <stdio.h>

#include "include/malloc.h"
#include "malloc/ports/fixed.h"

static char memory[1 << 20];

/* A list of squares, so that there is something to allocate. */
struct item {
	struct item *next;
	long square;
};

static struct item *prepend(struct item *list, long n)
{
	struct item *item = malloc(sizeof(*item));

	if (!item)
		return list;	/* no memory: an ordinary answer */
	item->next = list;
	item->square = n * n;
	return item;
}

int main(void)
{
	struct item *list = NULL;
	long nr = 0;

	fixed_heap(memory, sizeof(memory));
	while (nr < 1000)
		list = prepend(list, nr++);
	printf("%ld squares, the last is %ld\n", nr, list->square);
	printf("heap in use: %zu bytes\n", mallinfo2().uordblks);
	while (list) {
		struct item *next = list->next;

		free(list);
		list = next;
	}
	printf("after free: %zu bytes, heap is %s\n", mallinfo2().uordblks,
	       __heap_check(NULL) ? "broken" : "sound");
	return mallinfo2().uordblks != 0;
}

#undef main
#include <stdlib.h>
#include <string.h>

/* A line of the manual that this file does not contain is out of date. */
static int readme_agrees(void)
{
	static char readme[1 << 16], self[1 << 16];
	FILE *manual = fopen("libc/malloc/README.md", "r");
	FILE *source = fopen("tests/host/test_malloc_fixed.c", "r");
	char *begin, *end;

	if (!manual || !source ||
	    !fread(readme, 1, sizeof(readme) - 1, manual) ||
	    !fread(self, 1, sizeof(self) - 1, source))
		return 0;
	begin = strstr(readme, "```c\n");
	end = begin ? strstr(begin + 5, "```") : NULL;
	if (!end)
		return 0;
	*end = '\0';
	return strstr(self, begin + 5) != NULL;
}

static void report(const char *name, int ok, const char *got, const char *want)
{
	if (ok)
		printf("PASS %s\n", name);
	else
		printf("FAIL %s: got %s, want %s\n", name, got, want);
}

/* A buffer that is full is no memory, and free makes it whole again. */
static int buffer_fills_and_empties(void)
{
	void *blocks[600];
	int nr = 0, again = 0;

	while (nr < 600 && (blocks[nr] = malloc(2000)))
		nr++;
	for (int i = 0; i < nr; i++)
		free(blocks[i]);
	while (again < 600 && (blocks[again] = malloc(2000)))
		again++;
	for (int i = 0; i < again; i++)
		free(blocks[i]);
	return nr > 400 && nr < 600 && again == nr && !malloc(2 << 20);
}

/* There is what realloc() needs, but not the fourth more that it would like. */
static int realloc_takes_what_there_is(void)
{
	char *blocks[100], *grown = malloc(40000);
	int nr = 0, ok;

	while (nr < 100 && (blocks[nr] = malloc(16000)))
		nr++;
	for (int i = 10; i < 15; i++)
		free(blocks[i]);
	grown = realloc(grown, 70000);
	ok = grown != NULL;
	free(grown);
	for (int i = 0; i < nr; i++)
		if (i < 10 || i >= 15)
			free(blocks[i]);
	return ok;
}

int main(void)
{
	int ran = !example(), agrees = readme_agrees();
	int fills = buffer_fills_and_empties();
	int reallocs = realloc_takes_what_there_is();

	report("malloc_fixed_example_runs", ran, "blocks in use", "none");
	report("malloc_fixed_example_is_in_readme", agrees,
	       "two different texts", "one");
	report("malloc_fixed_buffer_fills_and_empties", fills,
	       "another number of blocks", "the same");
	report("malloc_fixed_realloc_takes_what_there_is", reallocs, "NULL", "a block");
	return !(ran && agrees && fills && reallocs);
}
