/*
 * Kernel stacks: two mapped pages each, above a page that stays unmapped, so
 * that an overflow faults instead of writing into the neighbour.
 *
 *	KSTACK_BASE + slot * KSTACK_SLOT_BYTES
 *	| guard page | stack page | stack page |
 *	             ^ lowest byte             ^ kstack_top
 */
#pragma once

#include "arch.h"
#include "types.h"

#define KSTACK_BYTES (2 * PAGE_SIZE)
#define KSTACK_SLOT_BYTES (PAGE_SIZE + KSTACK_BYTES)

/* The top of a fresh stack, which is 16-byte aligned, or 0: no memory. */
vaddr_t kstack_alloc(void);

/* Give back a stack that no CPU is running on. */
void kstack_free(vaddr_t top);

/*
 * Whether @addr lies in the guard page of some stack: the page fault there is
 * an overflow.
 */
bool kstack_is_guard(vaddr_t addr);
