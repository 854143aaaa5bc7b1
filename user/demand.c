/*
 * demand: mapped memory costs nothing until it is touched.
 *
 *	demand [N [K]]		map N pages (64), write to K of them (10)
 *
 * mmap() only makes a promise: the kernel writes down "this range is readable
 * and writable". The first access to each page finds no page table entry, the
 * CPU raises exception 14, and only then the kernel takes a frame, zeroes it
 * and maps it. That is one minor fault per page touched, no more and no fewer.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PAGE_SIZE 4096UL
#define MAX_PAGES (1UL << 20)	/* 4 GiB of promise; K of it may get real */

static long minor_faults(void)
{
	static struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static char *map_pages(unsigned long nr_pages)
{
	void *start = mmap(NULL, nr_pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return start == MAP_FAILED ? NULL : start;
}

/* One byte in each page is enough: memory comes in whole pages. */
static long touch(char *start, unsigned long nr_pages)
{
	long before = minor_faults();

	for (unsigned long page = 0; page < nr_pages; page++)
		*(volatile char *)(start + page * PAGE_SIZE) = 1;
	return minor_faults() - before;
}

/* Say what was seen beside what must be seen; 1 if they differ. */
static int report(const char *what, long faults, long expected)
{
	printf("%-32s %6ld minor faults", what, faults);
	if (faults != expected)
		printf(", expected %ld", expected);
	putchar('\n');
	return faults != expected;
}

/*
 * The measured code must be in memory itself, or its own pages would be
 * counted: so everything is done once beforehand, on a page of its own.
 */
static void rehearse(void)
{
	char *start = map_pages(1);

	touch(start, 1);
	munmap(start, PAGE_SIZE);
}

static int run(unsigned long nr_pages, unsigned long nr_touched)
{
	long before, at_map;
	char *start;
	int wrong = 0;

	rehearse();
	before = minor_faults();
	start = map_pages(nr_pages);
	at_map = minor_faults() - before;
	if (!start) {
		perror("demand: mmap");
		return 1;
	}
	printf("%lu pages mapped, %lu of them touched:\n", nr_pages,
	       nr_touched);
	wrong |= report("  mmap makes a promise", at_map, 0);
	wrong |= report("  first write to a page pays", touch(start, nr_touched),
			(long)nr_touched);
	wrong |= report("  the second one is free", touch(start, nr_touched), 0);
	return wrong;
}

/* A whole decimal number from 0 to @max, or -1 after one clear line. */
static long parse(const char *text, const char *name, unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || value > max) {
		fprintf(stderr, "demand: %s = '%s' is not a number up to %lu\n",
			name, text, max);
		return -1;
	}
	return (long)value;
}

int main(int argc, char **argv)
{
	long nr_pages = argc > 1 ? parse(argv[1], "N", MAX_PAGES) : 64;
	long nr_touched;

	if (argc > 3 || nr_pages == 0) {
		fprintf(stderr, "usage: demand [N [K]], at least one page\n");
		return 2;
	}
	if (nr_pages < 0)
		return 2;
	nr_touched = argc > 2 ? parse(argv[2], "K", (unsigned long)nr_pages)
			      : nr_pages < 10 ? nr_pages : 10;
	if (nr_touched < 0)
		return 2;
	return run((unsigned long)nr_pages, (unsigned long)nr_touched);
}
