/*
 * The lines that have been typed, oldest forgotten first.
 */
#pragma once

#include "types.h"

#define HISTORY_LINES 100

/* Keep a copy of @line, unless it is empty or the same as the one before. */
void history_add(const char *line);

/*
 * The line typed @back lines before the newest one, which is 0; NULL: there is
 * none. Valid until the next history_add().
 */
const char *history_get(size_t back);

/* The number of lines ever kept: the number of the newest one. */
size_t history_count(void);
