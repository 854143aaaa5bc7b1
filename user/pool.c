/*
 * pool: malloc(1) takes 132 KiB from the kernel, and the next ones nothing.
 *
 * A system call for every small block would be slow. So the first request moves
 * the break by M_TOP_PAD (128 KiB) more than it needs, rounded up to pages; what
 * follows is cut from this pool, the top chunk, without the kernel noticing.
 *
 *	break before                                      break after
 *	| 1 byte |~~~~~~~~~~~~~~~~~ top: 132 KiB ~~~~~~~~~~~~~~~~~~~|
 *
 * 132 KiB are only a promise, too: of their 33 pages few have been touched.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define KIB 1024L
#define PAGE_SIZE 4096L
#define POOL_BYTES (132 * KIB)

static long minor_faults(void)
{
	static struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

/*
 * The first malloc brings in malloc's own code and tables; not our subject.
 * Through a volatile pointer, or the compiler would drop the pair.
 */
static void rehearse(void)
{
	void *volatile mem;

	minor_faults();
	mem = malloc(1);
	free(mem);
	__heap_reset();
}

static int report(const char *step, long heap_bytes, long expected)
{
	printf("%-28s break +%ldK", step, heap_bytes / KIB);
	if (heap_bytes != expected)
		printf(", expected +%ldK", expected / KIB);
	putchar('\n');
	return heap_bytes != expected;
}

int main(void)
{
	char *start, *first, *second;
	long heap_bytes, faults;
	int wrong;

	rehearse();
	start = sbrk(0);
	faults = minor_faults();
	first = malloc(1);
	faults = minor_faults() - faults;
	heap_bytes = (char *)sbrk(0) - start;

	wrong = report("before", 0, 0);
	wrong |= report("malloc(1)", heap_bytes, POOL_BYTES);
	second = malloc(1);
	wrong |= report("malloc(1) again", (char *)sbrk(0) - start, POOL_BYTES);
	for (int i = 0; i < 1000; i++)
		if (!malloc(100))
			wrong = 1;
	wrong |= report("malloc(100), 1000 times", (char *)sbrk(0) - start,
				POOL_BYTES);
	if (!first || !second)
		wrong = 1;
	printf("\nThe first malloc(1) has touched %ld of the pool's %ld pages.\n",
	       faults, POOL_BYTES / PAGE_SIZE);
	return wrong || faults != 1;
}
