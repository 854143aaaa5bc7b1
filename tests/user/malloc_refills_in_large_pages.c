/*
 * A program that fills and empties its heap again and again would pay a fault for
 * each 4 KiB of it each time. Or, worse, what it has given back in small pieces
 * would be asked for in large pages, and the system would fill them all again.
 */
// guest: MEM=256M
#include <stdlib.h>

#include "large.h"

#define NR 40000
#define BYTES 1000

static char *blocks[NR];

static long faults_of_filling(void)
{
	long before = faults_start();

	for (int i = 0; i < NR; i++) {
		blocks[i] = malloc(BYTES);
		memset(blocks[i], 'a', BYTES);
	}
	return minor_faults() - before;
}

/* Free all blocks but every @kept-th, from the top of the heap down. */
static void thin_out(int kept)
{
	for (int i = NR; i-- > 0; )
		if (i % kept)
			free(blocks[i]);
}

/* In the VMAs of the heap that ask for large pages: KiB that are resident. */
static long asking_kib(const char *from, const char *to)
{
	long kib = 0;

	for (char *text = proc_text("/proc/self/smaps"); text; ) {
		char *flags = strstr(text, "VmFlags"), *end = strchr(flags, '\n');
		char *start = (char *)strtoul(text, NULL, 16);
		char *asks = strstr(flags, " hg ");

		if (start >= from && start < to && asks && asks < end)
			kib += proc_value(text, "Rss");
		text = end[1] ? end + 1 : NULL;
	}
	return kib;
}

int main(void)
{
	char *large = map_large(1);
	long first, second;

	write_pages(large, 1, 'a');
	if (!large_kib(large))		/* this machine has none */
		return check_passed();
	first = faults_of_filling();
	CHECK(first >= NR * BYTES / (long)PAGE_SIZE);
	thin_out(NR);
	second = faults_of_filling();
	CHECK(second < first / 3);
	thin_out(50);
	CHECK(asking_kib(blocks[0], (char *)sys(SYS_brk, 0)) <= 512);
	return check_passed();
}
