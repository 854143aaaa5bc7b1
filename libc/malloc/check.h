/*
 * check.h - the end of the road: the heap is broken, say so and stop.
 */
#pragma once

#include "chunk.h"

/* Set by the first panic; from then on the arenas are left alone. */
extern bool malloc_is_broken __attribute__((visibility("hidden")));

/* Print `malloc: WHAT: 0xADDRESS` and stop the program. Allocates nothing. */
_Noreturn void malloc_panic(const char *what, const void *address);

/* Print `malloc: WHAT: DETAIL` and go on. */
void malloc_warn(const char *what, const char *detail);

/* @mem was handed to free() or realloc() but is not in use: say what it is. */
_Noreturn void malloc_panic_bad_pointer(void *mem);
