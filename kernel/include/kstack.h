/*
 * Kernel stacks: slots of four pages. A task of a program has one of them, since
 * every sleeping process keeps it; a kernel thread, of which there are few and
 * which runs the shell's commands, has three. What lies below stays unmapped, so
 * that an overflow faults instead of writing into the neighbour.
 *
 *	KSTACK_BASE + slot * KSTACK_SLOT_BYTES
 *	| guard page | guard or stack | guard or stack | stack page |
 *	             ^ lowest byte of a thread's                    ^ kstack_top
 *
 * One page is enough because no function may take more than a small part of it
 * (-Wframe-larger-than, see the Makefile) and nothing recurses: the deepest use
 * that the tests have seen is 2.4 KiB.
 */
#pragma once

#include "arch.h"
#include "types.h"

#define KSTACK_SLOT_PAGES 4
#define KSTACK_SLOT_BYTES (KSTACK_SLOT_PAGES * PAGE_SIZE)
#define KSTACK_PROGRAM_PAGES 1
#define KSTACK_THREAD_PAGES 3

/* The top of a fresh stack, which is 16-byte aligned, or 0: no memory. */
vaddr_t kstack_alloc(size_t pages);

/* Give back a stack that no CPU is running on. */
void kstack_free(vaddr_t top);

/* The lowest byte of the stack with this top. */
vaddr_t kstack_start(vaddr_t top);

/*
 * Whether @addr, which faulted, lies in the part of a slot that is for stacks or
 * their guard pages: it was an overflow.
 */
bool kstack_is_guard(vaddr_t addr);
