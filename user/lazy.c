/*
 * lazy: reading untouched memory costs a fault, but no memory.
 *
 * A fresh page reads as zeros, and so do all other fresh pages: one shared
 * frame of zeros can stand in for all of them, mapped read-only. Only the
 * first write has to pay for a frame of its own. Whoever writes at once skips
 * the middle step and saves a fault.
 *
 *	read, then write:	fault (zero frame)   fault (own frame)
 *	write at once:		                     fault (own frame)
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAGE_SIZE 4096UL
#define NR_PAGES 16L

enum access { READ, WRITE };

/* What one step did to the two counters. */
struct cost {
	long faults;
	long rss_kib;
};

static long minor_faults(void)
{
	static struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt;
}

static ssize_t read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = -1;

	if (fd >= 0) {
		n = read(fd, buf, size - 1);
		close(fd);
	}
	buf[n > 0 ? n : 0] = '\0';
	return n;
}

/*
 * Resident memory in KiB. Linux counts exactly in smaps_rollup ("Rss: N kB"),
 * and lazily in statm, whose second field is in pages.
 */
static long rss_kib(void)
{
	static char text[4096];
	char *field;

	if (read_file("/proc/self/smaps_rollup", text, sizeof(text)) > 0) {
		field = strstr(text, "Rss:");
		return field ? strtol(field + 4, NULL, 10) : -1;
	}
	if (read_file("/proc/self/statm", text, sizeof(text)) > 0) {
		field = strchr(text, ' ');
		return field ? strtol(field, NULL, 10) * 4 : -1;
	}
	return -1;
}

static struct cost touch(char *start, enum access access)
{
	long rss = rss_kib();
	long faults = minor_faults();

	for (long page = 0; page < NR_PAGES; page++) {
		volatile char *p = start + page * PAGE_SIZE;

		if (access == WRITE)
			*p = 1;
		else if (*p != 0)
			exit(1);	/* somebody else's data: unthinkable */
	}
	faults = minor_faults() - faults;
	return (struct cost){ faults, rss_kib() - rss };
}

static char *map_pages(void)
{
	void *start = mmap(NULL, NR_PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (start == MAP_FAILED) {
		perror("lazy: mmap");
		exit(1);
	}
	return start;
}

/* Print one row and return 1 if it is not @expected. */
static int report(const char *step, struct cost cost, struct cost expected)
{
	printf("%-26s %6ld faults %+6ldK resident\n", step, cost.faults,
	       cost.rss_kib);
	if (cost.faults == expected.faults && cost.rss_kib == expected.rss_kib)
		return 0;
	printf("  expected %ld faults, %+ldK\n", expected.faults,
	       expected.rss_kib);
	return 1;
}

int main(void)
{
	struct cost nothing = { 0, 0 };
	struct cost zero_frame = { NR_PAGES, 0 };
	struct cost own_frame = { NR_PAGES, NR_PAGES * 4 };
	char *first, *second;
	int wrong = 0;

	touch(map_pages(), WRITE);	/* rehearsal: our own pages come in */
	first = map_pages();
	second = map_pages();
	printf("%ld fresh pages, %ldK:\n", NR_PAGES, NR_PAGES * 4);
	wrong |= report("  read: one zero frame", touch(first, READ),
			zero_frame);
	wrong |= report("  read again", touch(first, READ), nothing);
	wrong |= report("  then write: own frames", touch(first, WRITE),
			own_frame);
	wrong |= report("  others, written at once", touch(second, WRITE),
			own_frame);
	return wrong;
}
