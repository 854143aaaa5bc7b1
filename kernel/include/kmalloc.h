/*
 * The kernel's own memory: libc/malloc at home in kernel space.
 *
 * kmalloc() never sleeps and never faults; NULL is an ordinary answer. Not from
 * interrupts. Memory is aligned to 16 bytes and lies somewhere in kernel space:
 * who needs whole pages, or to know where in RAM they are, calls frame_alloc().
 *
 * A free that cannot be right (twice, never allocated, its header overwritten)
 * panics with libc/malloc's line, `malloc: double free: 0x...`.
 */
#pragma once

#include "types.h"

/* After frame_init(). */
void kmalloc_init(void);

/* @size bytes of uninitialised memory, or NULL: no memory, or @size too large. */
void *kmalloc(size_t size);

/* As kmalloc(), filled with zero bytes. */
void *kzalloc(size_t size);

/* Give back what kmalloc() returned. NULL is allowed and does nothing. */
void kfree(void *ptr);

/*
 * Give back all that is only kept for the next request: what the cache holds, and
 * the free end of the heap. How many frames that were; never sleeps.
 */
size_t kmalloc_trim(void);

/*
 * For when much may have been freed: trim a heap that has become twice as large as
 * the last trim left it. Otherwise it costs nothing.
 */
void kmalloc_trim_excess(void);

/*
 *	frames << PAGE_SHIFT >= used + cached + free bytes
 *
 * Frames depend on where objects came to lie and on what is kept; the number of
 * objects does not. So a leak is looked for in nr_objects, never in frames.
 */
struct kmalloc_stats {
	size_t nr_objects;  /* handed out by kmalloc() and not freed yet */
	size_t used_bytes;  /* in them, headers included */
	size_t nr_cached, cached_bytes; /* freed, to be handed out again */
	size_t nr_free, free_bytes;     /* of these, merged; with the free end */
	uint64_t frames;    /* that the heap holds */
};

/* Walk the heap and count. */
struct kmalloc_stats kmalloc_stats(void);

/* Check every chunk and list of the heap; panics on the first that is wrong. */
void kmalloc_validate(void);
