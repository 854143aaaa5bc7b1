#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * What the kernel's file code stands on, for tests on the host: one task, kmalloc()
 * from the host's heap, mutexes that only check their balance.
 */

extern int64_t host_nr_allocated; /* by kmalloc() and not yet freed */
extern bool host_no_memory;       /* now and then kmalloc() fails */
