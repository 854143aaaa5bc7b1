/*
 * threshold: from which size on malloc() asks mmap() and not the heap.
 *
 * Small blocks live in the heap, where a hole can be used again. Large ones get
 * a mapping of their own, which goes back to the kernel the moment it is freed.
 * The border is M_MMAP_THRESHOLD, 128 KiB, and mallopt() moves it. The program
 * knows nothing about it: it finds the border by bisection.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KIB 1024UL
#define LARGEST (4096 * KIB)

static char *heap_start;

/* Does a block of @bytes lie outside the heap, [heap_start, break)? */
static int is_mapped(size_t bytes)
{
	char *mem = malloc(bytes);
	int outside = mem < heap_start || mem >= (char *)sbrk(0);

	if (!mem) {
		perror("threshold: malloc");
		exit(1);
	}
	free(mem);
	return outside;
}

/* The smallest size that is mapped, or LARGEST if none below it is. */
static size_t find_threshold(void)
{
	size_t in_heap = 1, mapped = LARGEST;

	while (mapped - in_heap > 1) {
		size_t middle = in_heap + (mapped - in_heap) / 2;

		if (is_mapped(middle))
			mapped = middle;
		else
			in_heap = middle;
	}
	return mapped;
}

static int report(const char *setting, size_t expected)
{
	size_t found = find_threshold();

	printf("%-34s ", setting);
	if (found == LARGEST)
		printf("nothing is mapped");
	else
		printf("mapped from %7zu bytes on", found);
	if (found != expected)
		printf(", expected %zu", expected);
	putchar('\n');
	return found != expected;
}

int main(void)
{
	int wrong = 0;

	heap_start = sbrk(0);
	wrong |= report("as it comes", 128 * KIB);
	mallopt(M_MMAP_THRESHOLD, 64 * KIB);
	wrong |= report("mallopt(M_MMAP_THRESHOLD, 64K)", 64 * KIB);
	mallopt(M_MMAP_THRESHOLD, 1024 * KIB);
	wrong |= report("mallopt(M_MMAP_THRESHOLD, 1M)", 1024 * KIB);
	mallopt(M_MMAP_MAX, 0);
	wrong |= report("mallopt(M_MMAP_MAX, 0)", LARGEST);
	return wrong;
}
