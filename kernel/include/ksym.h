/*
 * Names for kernel addresses, from a table that the build puts into the image,
 * and backtraces made of them.
 */
#pragma once

#include "types.h"

/*
 * The function that contains @addr, and in *@offset how far into it, or NULL
 * when @addr is not kernel code.
 */
const char *ksym_find(uint64_t addr, uint64_t *offset);

/* Print " name+0xoffset" of @addr. */
void ksym_print(uint64_t addr);

/*
 * Print the callers found from frame pointer @rbp upwards. Each frame must lie
 * in a kernel stack and above the one before, or the walk ends there.
 */
void backtrace_print(uint64_t rbp);
