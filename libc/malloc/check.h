/*
 * check.h - the end of the road: the heap is broken, say so and stop.
 */
#pragma once

#include "chunk.h"

/* Set by the first panic; from then on the arenas are left alone. */
extern bool malloc_is_broken;

/* Print `malloc: WHAT: 0xADDRESS` and stop the program. Allocates nothing. */
_Noreturn void malloc_panic(const char *what, const void *address);

/* Print `malloc: WHAT: DETAIL`, as far as it fits, and, if @fatal, stop. */
void malloc_message(const char *what, const char *detail, bool fatal);

/* @mem was handed to free() or realloc() but is not in use: say what it is. */
_Noreturn void malloc_panic_bad_pointer(void *mem);
