/*
 * fixed.h - a heap in a buffer: no system at all.
 */
#pragma once

#include <stddef.h>

/* The heap is [@buffer, @buffer + @bytes). Call before the first malloc. */
void fixed_heap(void *buffer, size_t bytes);
