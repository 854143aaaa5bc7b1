/*
 * fixed.h - a heap in a buffer: no system at all.
 */
#pragma once

#include <stddef.h>

#pragma GCC visibility push(default)	/* the program calls it; see README.md */

/* The heap is [@buffer, @buffer + @bytes). Call before the first malloc. */
void fixed_heap(void *buffer, size_t bytes);

#pragma GCC visibility pop
