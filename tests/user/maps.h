/*
 * maps.h - what /proc/self/maps says about a range, for tests about VMAs.
 *
 * maps_draw() describes [start, start + nr_pages) as one line of text, one
 * letter for each VMA, in order, as many times as it has pages:
 *
 *	"aabb.c"	two VMAs of two pages, a hole, a third one
 *
 * A VMA that reaches beyond the range counts with what lies inside.
 */
#pragma once

#include <fcntl.h>
#include <stdlib.h>

#include "memory.h"

/* The text of /proc/self/maps, read in one go before anything else happens. */
static inline char *maps_text(void)
{
	static char text[1 << 16];
	long fd = sys(SYS_open, "/proc/self/maps", O_RDONLY);
	unsigned long used = 0;
	long n;

	CHECK(fd >= 0);
	while ((n = sys(SYS_read, fd, text + used, sizeof(text) - 1 - used)) > 0)
		used += (unsigned long)n;
	CHECK_EQ(n, 0);
	text[used] = '\0';
	sys(SYS_close, fd);
	return text;
}

static inline char *next_line(char *line)
{
	line = strchr(line, '\n');
	return line && line[1] ? line + 1 : NULL;
}

static inline const char *maps_draw(const char *start, unsigned long nr_pages)
{
	static char drawing[256];
	char letter = 'a';

	CHECK(nr_pages < sizeof(drawing));
	memset(drawing, '.', nr_pages);
	drawing[nr_pages] = '\0';
	for (char *line = maps_text(); line; line = next_line(line)) {
		char *rest, *end;
		unsigned long page, seen = 0;

		page = strtoul(line, &rest, 16);
		end = (char *)strtoul(rest + 1, NULL, 16);
		for (char *at = (char *)page; at < end; at += PAGE_SIZE) {
			if (at < start || at >= start + nr_pages * PAGE_SIZE)
				continue;
			drawing[(unsigned long)(at - start) / PAGE_SIZE] =
				letter;
			seen++;
		}
		letter = (char)(letter + (seen > 0));
	}
	return drawing;
}
