/*
 * The seam between portable kernel code and the processor.
 *
 * kernel/mm/ reaches hardware through this header alone. What is declared here
 * is implemented in kernel/arch/x86_64/ as inline functions of arch_inline.h
 * (page-table entries, page fill and copy, TLB) or in its .c files. A host test
 * puts its own arch_inline.h in front and compiles kernel/mm/ unchanged.
 *
 * The upper half of the address space, from PHYS_BASE up:
 *
 *	0xffff800000000000  direct map of all RAM         PHYS_BASE
 *	0xffffc00000000000  struct frame of each frame    FRAME_MAP_BASE
 *	0xffffd00000000000  kernel stacks, guard pages    KSTACK_BASE
 *	0xffffe00000000000  the kernel heap's window      KHEAP_BASE
 *	0xffffffff80000000  kernel image                  KERNEL_BASE
 */
#pragma once

#include "types.h"

#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define LARGE_PAGE_SHIFT 21
#define LARGE_PAGE_SIZE (1UL << LARGE_PAGE_SHIFT)
#define LARGE_PAGE_ORDER (LARGE_PAGE_SHIFT - PAGE_SHIFT)
#define LARGE_PAGE_FRAMES (1UL << LARGE_PAGE_ORDER)

#define PHYS_BASE 0xffff800000000000UL
#define FRAME_MAP_BASE 0xffffc00000000000UL
#define KSTACK_BASE 0xffffd00000000000UL
#define KHEAP_BASE 0xffffe00000000000UL
#define KERNEL_BASE 0xffffffff80000000UL

/*
 * User addresses are [MMAP_MIN_ADDR, USER_END). The last page of the lower
 * half stays unmapped: a sysret to a non-canonical address faults in ring 0.
 */
#define USER_END 0x00007ffffffff000UL
#define MMAP_MIN_ADDR 0x10000UL

static inline uint64_t page_align_down(uint64_t addr)
{
	return addr & ~(PAGE_SIZE - 1);
}

/* Wraps to 0 for the last PAGE_SIZE - 1 addresses: check before, if it may. */
static inline uint64_t page_align_up(uint64_t addr)
{
	return (addr + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
}

static inline uint64_t large_page_align_down(uint64_t addr)
{
	return addr & ~(LARGE_PAGE_SIZE - 1);
}

static inline bool page_aligned(uint64_t addr)
{
	return (addr & (PAGE_SIZE - 1)) == 0;
}

/* What a page may be used for; the values are those of PROT_READ and so on. */
enum access {
	ACCESS_READ = 1,
	ACCESS_WRITE = 2,
	ACCESS_EXEC = 4,
};

#include <arch_inline.h>

/*
 * Map [va, va + bytes) to fresh early frames, all rights but execute, for the
 * kernel; pages of the range that are mapped already stay as they are. Works
 * between paging_init() and frame_init() only. Panics when RAM is used up.
 */
void arch_early_map(vaddr_t va, size_t bytes);

/*
 * The CPU's top-level table, in the direct map. The upper half is the kernel's,
 * and every entry of it that is ever used exists from paging_init() on; the lower
 * half is that of the loaded mm: see top_table.h.
 */
extern pte_t *kernel_pml4;
