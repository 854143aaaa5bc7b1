/*
 * proc.h - reading and writing the small files of /proc, for tests about them.
 */
#pragma once

#include <fcntl.h>
#include <stdlib.h>

#include "memory.h"

/* The text of the file @path, read in one go. */
static inline char *proc_text(const char *path)
{
	static char text[1 << 16];
	long fd = sys(SYS_open, path, O_RDONLY);
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

/* Write @text to @path: the bytes taken, or the error as -E... */
static inline long proc_write(const char *path, const char *text)
{
	long fd = sys(SYS_open, path, O_WRONLY);
	long n;

	if (fd < 0)
		return fd;
	n = sys(SYS_write, fd, text, strlen(text));
	sys(SYS_close, fd);
	return n;
}

/* The number behind "@label:" at the start of a line of @text. */
static inline long proc_value(const char *text, const char *label)
{
	unsigned long length = strlen(label);

	while (text) {
		if (memcmp(text, label, length) == 0 && text[length] == ':')
			return strtol(text + length + 1, NULL, 10);
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	CHECK_STR("no such line", label);
	return -1;
}

/* The part of /proc/self/smaps about the VMA that starts at @start. */
static inline char *smaps_of(const void *start)
{
	char *text = proc_text("/proc/self/smaps"), *end;
	char head[32];

	snprintf(head, sizeof(head), "%08lx-", (unsigned long)start);
	text = strstr(text, head);
	CHECK(text != NULL);
	end = strstr(text, "VmFlags");
	CHECK(end != NULL);
	end = strchr(end, '\n');
	CHECK(end != NULL);
	end[1] = '\0';
	return text;
}
