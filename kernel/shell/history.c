/*
 * A ring of copies: line n, counted from 0, is at n % HISTORY_LINES.
 */
#include "history.h"

#include "kmalloc.h"
#include "string.h"

static char *lines[HISTORY_LINES];
static size_t nr_lines;

const char *history_get(size_t back)
{
	if (back >= nr_lines || back >= HISTORY_LINES)
		return NULL;
	return lines[(nr_lines - 1 - back) % HISTORY_LINES];
}

size_t history_count(void)
{
	return nr_lines;
}

void history_add(const char *line)
{
	size_t bytes = strlen(line) + 1;
	const char *newest = history_get(0);
	char *copy;

	if (bytes == 1 || (newest && !strcmp(newest, line)))
		return;
	copy = kmalloc(bytes);
	if (!copy)
		return; /* a line that cannot be recalled is no great loss */
	memcpy(copy, line, bytes);
	kfree(lines[nr_lines % HISTORY_LINES]);
	lines[nr_lines % HISTORY_LINES] = copy;
	nr_lines++;
}
