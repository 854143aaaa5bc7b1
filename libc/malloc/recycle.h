/*
 * recycle.h - a few freed mappings, kept for programs that keep asking again.
 *
 * A mapping normally goes back to the system when it is freed. A program that
 * allocates and frees such blocks in a loop pays two system calls and a fault
 * per page each time; once it has shown that RECYCLE_HITS times, mappings it
 * frees are kept for a while. Default mode only.
 */
#pragma once

#include "chunk.h"

/* A kept mapping of @bytes or somewhat more, *@bytes of them; NULL: none. */
char *recycle_take(size_t *bytes);

/* Keep a mapping; false: no, unmap it. May unmap others that are in its way. */
bool recycle_put(char *start, size_t bytes);

/* Unmap all that is kept; true if there was anything. */
bool recycle_flush(void);
