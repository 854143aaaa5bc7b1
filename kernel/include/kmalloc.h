/*
 * Small kernel objects.
 *
 * kmalloc() never sleeps and never faults; NULL is an ordinary answer. Not from
 * interrupts. Memory is aligned to 16 bytes (to the size, for powers of two up
 * to a page).
 */
#pragma once

#include "types.h"

#define KMALLOC_MAX_BYTES (4UL << 20)

/* After frame_init(). */
void kmalloc_init(void);

/* @size bytes of uninitialised memory, or NULL: no memory, or @size too large. */
void *kmalloc(size_t size);

/* As kmalloc(), filled with zero bytes. */
void *kzalloc(size_t size);

/* Give back what kmalloc() returned. NULL is allowed and does nothing. */
void kfree(void *ptr);

/* Bytes that the block at @ptr really has, at least what was asked for. */
size_t kmalloc_size(const void *ptr);
