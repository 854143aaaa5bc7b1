/*
 * Whoever looks for a leak would be misled: malloc_info(), malloc_stats() and
 * mallinfo2() tell the same of one heap, in the formats that tools read.
 */
#include "check.h"

#include <stdio.h>

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NR_BLOCKS 10

static char text[4096];

/* What was written to the pipe @fd, whose other end is closed. */
static void read_all(int fd)
{
	size_t n = 0;
	ssize_t got;

	while ((got = read(fd, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(fd);
}

/* The number behind @label, after *@at, which moves on; the test ends if none. */
static size_t number(const char **at, const char *label)
{
	char *end;
	size_t value;

	*at = strstr(*at, label);
	CHECK(*at != NULL);
	value = strtoul(*at + strlen(label), &end, 10);
	*at = end;
	return value;
}

static void check_info(const struct mallinfo2 *want, FILE *file, int fd)
{
	size_t nr = 1, bytes = want->keepcost, rest;
	const char *at = text, *sizes_end;

	CHECK_EQ(malloc_info(1, file), EINVAL);
	CHECK_EQ(malloc_info(0, file), 0);
	CHECK_EQ(fclose(file), 0);
	read_all(fd);

	CHECK(!strncmp(text, "<malloc version=\"1\">\n<heap nr=\"0\">\n<sizes>\n", 43));
	sizes_end = strstr(text, "</sizes>\n");
	CHECK(sizes_end != NULL);
	for (;;) {
		const char *next = strstr(at, "<size from=\"");
		size_t from, to, total, count;

		if (!next || next > sizes_end)
			break;
		from = number(&at, "<size from=\"");
		to = number(&at, "\" to=\"");
		total = number(&at, "\" total=\"");
		count = number(&at, "\" count=\"");
		CHECK(from <= to && from * count <= total && total <= to * count);
		nr += count;
		bytes += total;
	}
	CHECK_EQ(nr, NR_BLOCKS / 2 + 1);
	/* The heap's own sums, and then those of all heaps. */
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(number(&at, "<total type=\"fast\" count=\""), 0);
		CHECK_EQ(number(&at, "<total type=\"rest\" count=\""), nr);
		rest = number(&at, "\" size=\"");
		CHECK_EQ(rest, bytes);
		if (i == 1) {
			CHECK_EQ(number(&at, "<total type=\"mmap\" count=\""), want->hblks);
			CHECK_EQ(number(&at, "\" size=\""), want->hblkhd);
		}
		CHECK_EQ(number(&at, "<system type=\"current\" size=\""), want->arena);
		CHECK(number(&at, "<system type=\"max\" size=\"") >= want->arena);
		CHECK_EQ(number(&at, "<aspace type=\"total\" size=\""), want->arena);
		CHECK_EQ(number(&at, "<aspace type=\"mprotect\" size=\""), want->arena);
	}
	CHECK(!strcmp(at, "\"/>\n</malloc>\n"));
}

static void check_stats(const struct mallinfo2 *want)
{
	char lines[300];
	int fds[2], stderr_fd = dup(2);

	CHECK_EQ(pipe(fds), 0);
	dup2(fds[1], 2);
	malloc_stats();
	dup2(stderr_fd, 2);
	close(fds[1]);
	read_all(fds[0]);
	snprintf(lines, sizeof(lines),
		 "Arena 0:\n"
		 "system bytes     = %10zu\n"
		 "in use bytes     = %10zu\n"
		 "Total (incl. mmap):\n"
		 "system bytes     = %10zu\n"
		 "in use bytes     = %10zu\n"
		 "max mmap regions = %10d\n"
		 "max mmap bytes   = %10zu\n",
		 want->arena, want->uordblks, want->arena + want->hblkhd,
		 want->uordblks + want->hblkhd, 1, want->hblkhd);
	text[strlen(lines)] = '\0';	/* what follows glibc does not have */
	CHECK(!strcmp(text, lines));
}

/* What waits to be merged is free, too: the sums are true without a trim. */
static void check_waiting(void)
{
	enum { NR = 3000 };
	static void *small[NR];
	struct mallinfo2 info;
	size_t sizes = 0, bytes, nr;
	const char *at = text;
	int fds[2];
	FILE *file;

	for (int i = 0; i < NR; i++)
		small[i] = malloc(100);
	for (int i = 0; i < NR; i += 2)
		free(small[i]);
	CHECK_EQ(pipe(fds), 0);
	file = fdopen(fds[1], "w");
	CHECK(file != NULL);
	info = mallinfo2();
	CHECK(info.smblks > NR / 4 && info.fsmblks >= info.smblks * 112);
	CHECK_EQ(malloc_info(0, file), 0);
	fclose(file);
	read_all(fds[0]);
	while (strstr(at, "<size from=\"") &&
	       strstr(at, "<size from=\"") < strstr(at, "</sizes>"))
		sizes += number(&at, "\" total=\"");
	nr = number(&at, "<total type=\"fast\" count=\"");
	CHECK(nr > NR / 4);
	bytes = number(&at, "\" size=\"");
	number(&at, "<total type=\"rest\" count=\"");
	bytes += number(&at, "\" size=\"");
	CHECK_EQ(bytes, sizes + mallinfo2().keepcost);
}

int main(void)
{
	static char buffer[BUFSIZ];	/* so that writing needs no malloc() */
	void *blocks[NR_BLOCKS], *mapped = malloc(200 * 1024);
	struct mallinfo2 info;
	struct mallinfo old;
	int fds[2];
	FILE *file;

	CHECK_EQ(pipe(fds), 0);
	file = fdopen(fds[1], "w");
	CHECK(file != NULL);
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	for (int i = 0; i < NR_BLOCKS; i++)
		blocks[i] = malloc(3000 + 100 * (size_t)i);
	for (int i = 0; i < NR_BLOCKS; i += 2)
		free(blocks[i]);
	malloc_trim(65536);	/* also of what the cache holds */
	info = mallinfo2();
	CHECK(mapped != NULL);
	CHECK_EQ(info.ordblks, NR_BLOCKS / 2 + 1);
	CHECK_EQ(info.uordblks + info.fordblks, info.arena);
	CHECK_EQ(info.hblks, 1);
	check_stats(&info);
	old = mallinfo();
	CHECK_EQ(old.uordblks, info.uordblks);
	CHECK_EQ(old.keepcost, info.keepcost);
	check_info(&info, file, fds[0]);
	check_waiting();
	return check_passed();
}
