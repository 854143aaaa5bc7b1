/*
 * hole: free memory that cannot be used, and free memory that can.
 *
 *	| A 30K | B 40K | D 100K |		free(B) leaves a hole:
 *	| A 30K |-------| D 100K |
 *	| A 30K |-------| D 100K | E 50K |	E does not fit, the heap grows
 *	| A 30K | E 40K | D 100K |		40K fits exactly, 30K with a rest
 *
 * That is external fragmentation: 40K are free, and yet malloc(50K) must ask
 * the kernel for more, because a block cannot be in two pieces, and D cannot
 * be moved: the program has its address.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KIB 1024UL

static void *allocate(size_t kib)
{
	void *mem = malloc(kib * KIB);

	if (!mem) {
		perror("hole: malloc");
		exit(1);
	}
	return mem;
}

/* 1 unless E lies at @expected and moved the break only if it had to. */
static int try(size_t e_kib, const char *expected)
{
	void *a = allocate(30), *b = allocate(40), *d = allocate(100), *e;
	uintptr_t hole = (uintptr_t)b;	/* a freed pointer is not for comparing */
	const char *place;
	char *brk;
	long grown;

	free(b);
	brk = sbrk(0);
	e = allocate(e_kib);
	grown = (char *)sbrk(0) - brk;
	place = (uintptr_t)e == hole ? "in the hole"
		: e > d		     ? "behind D"
				     : "elsewhere";
	printf("E = malloc(%zuK)  %-12s break %+ldK\n", e_kib, place,
	       grown / (long)KIB);
	free(e);
	free(d);
	free(a);
	if (strcmp(place, expected) == 0 && (grown > 0) == (*place == 'b'))
		return 0;
	printf("  expected E %s\n", expected);
	return 1;
}

int main(void)
{
	int wrong = 0;

	mallopt(M_MODE, MALLOC_MODE_TEXTBOOK);
	puts("A, B (40K) and D lie side by side; B is freed, then comes E:");
	wrong |= try(30, "in the hole");
	wrong |= try(40, "in the hole");
	wrong |= try(50, "behind D");
	return wrong;
}
