/*
 * Names for kernel addresses, from a table that the build puts into the image.
 */
#pragma once

#include "types.h"

/*
 * The function that contains @addr, and in *@offset how far into it, or NULL
 * when @addr is not kernel code.
 */
const char *ksym_find(uint64_t addr, uint64_t *offset);

/* Print " name+0xoffset" of @addr, or the number where there is no name. */
void ksym_print(uint64_t addr);
