/*
 * The inline part of arch.h for x86-64: addresses, page-table entries, page
 * fill and copy, the TLB, the interrupt flag, the running task.
 *
 * A page-table entry:
 *
 *	63 62       52 51              12 11  9 8 7 6 5 4 3 2 1 0
 *	NX |  unused  | frame number     |    F|G|S|D|A| | |U|W|P
 *
 *	P present  W writable  U user  A accessed  D dirty  S large  G global
 *	F shared by fork: ours, the CPU ignores it
 *
 * A page of a user's PROT_NONE region keeps its frame while the CPU must see
 * nothing: P is clear and G, which means nothing then, is set instead.
 *
 * A page that has been swapped out has neither P nor G, but is not 0. The number of its slot is stored inverted: a CPU that speculates on
 * entries which are not present then looks for RAM where there is none.
 *
 *	63   58 57   52 51                       12 11          0
 *	|  0   | area  | 1 ... 1, 32 bits: ~slot   |      0      |
 */
#pragma once

#include "arch.h"
#include "cpu.h"
#include "types.h"

#define PTE_PRESENT (1UL << 0)
#define PTE_WRITABLE (1UL << 1)
#define PTE_USER (1UL << 2)
#define PTE_WRITE_THROUGH (1UL << 3)
#define PTE_CACHE_DISABLE (1UL << 4)
#define PTE_ACCESSED (1UL << 5)
#define PTE_DIRTY (1UL << 6)
#define PTE_LARGE (1UL << 7)
#define PTE_GLOBAL (1UL << 8)
#define PTE_FORKED (1UL << 9) /* ours: see pte_mkforked() */
#define PTE_PROT_NONE PTE_GLOBAL /* while PTE_PRESENT is clear */
#define PTE_SWAP_AREA_SHIFT 52
#define PTE_SWAP_AREA_MASK 0x3fUL
#define PTE_FRAME_MASK 0x000ffffffffff000UL

/* Bit 63, or 0 on a CPU without the NX feature; set by cpu_features_init(). */
extern uint64_t pte_no_exec;

#define PTES_PER_TABLE 512
#define PGTABLE_LEVELS 4

/* ---- addresses ---- */

/* Where the direct map shows physical address @pa. */
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(PHYS_BASE + pa);
}

/* The reverse, for addresses in the direct map only. */
static inline paddr_t virt_to_phys(const void *virt)
{
	return (vaddr_t)virt - PHYS_BASE;
}

/* The same for what the linker placed in the kernel image. */
static inline paddr_t image_to_phys(const void *symbol)
{
	return (vaddr_t)symbol - KERNEL_BASE;
}

/* The struct frame of frame number 0; those of holes are not mapped. */
#define frame_map ((struct frame *)FRAME_MAP_BASE)

/* ---- page-table entries ---- */

/* Index into the table of @level (3: pml4 ... 0: pt) on the way to @addr. */
static inline unsigned int pte_index(vaddr_t addr, unsigned int level)
{
	return addr >> (PAGE_SHIFT + 9 * level) & (PTES_PER_TABLE - 1);
}

/* How many bytes one entry of a table of @level spans. */
static inline size_t pte_span(unsigned int level)
{
	return 1UL << (PAGE_SHIFT + 9 * level);
}

/* Nothing there: neither a page nor a table. */
static inline bool pte_none(pte_t pte)
{
	return pte == 0;
}

/* The CPU may use it. A PROT_NONE page is not present and not none. */
static inline bool pte_present(pte_t pte)
{
	return pte & PTE_PRESENT;
}

/* An entry of a pd that is itself a page, of LARGE_PAGE_SIZE bytes. */
static inline bool pte_is_large(pte_t pte)
{
	return pte & PTE_LARGE;
}

/* An entry of a higher level that leads to a table. */
static inline bool pte_is_table(pte_t pte)
{
	return (pte & (PTE_PRESENT | PTE_LARGE)) == PTE_PRESENT;
}

/* There is a frame, though the CPU may not see it. */
static inline bool pte_has_frame(pte_t pte)
{
	return pte & (PTE_PRESENT | PTE_PROT_NONE);
}

/* The page has been swapped out: pte_swap() says where to. */
static inline bool pte_is_swap(pte_t pte)
{
	return pte && !(pte & (PTE_PRESENT | PTE_PROT_NONE));
}

static inline pte_t pte_make_swap(swap_t entry)
{
	pte_t slot = ~(entry & UINT32_MAX) << PAGE_SHIFT & PTE_FRAME_MASK;

	return (entry >> 32) << PTE_SWAP_AREA_SHIFT | slot;
}

static inline swap_t pte_swap(pte_t pte)
{
	return (pte >> PTE_SWAP_AREA_SHIFT & PTE_SWAP_AREA_MASK) << 32 |
	       (~(pte >> PAGE_SHIFT) & UINT32_MAX);
}

static inline bool pte_writable(pte_t pte)
{
	return pte & PTE_WRITABLE;
}

static inline bool pte_dirty(pte_t pte)
{
	return pte & PTE_DIRTY;
}

static inline bool pte_accessed(pte_t pte)
{
	return pte & PTE_ACCESSED;
}

static inline pfn_t pte_pfn(pte_t pte)
{
	return (pte & PTE_FRAME_MASK) >> PAGE_SHIFT;
}

static inline pte_t pte_rights(unsigned int prot)
{
	pte_t pte = PTE_PRESENT | PTE_USER;

	if (!(prot & (ACCESS_READ | ACCESS_WRITE | ACCESS_EXEC)))
		return PTE_PROT_NONE;
	if (prot & ACCESS_WRITE)
		pte |= PTE_WRITABLE;
	if (!(prot & ACCESS_EXEC))
		pte |= pte_no_exec;
	return pte;
}

/* A user page: @prot is of enum access; readable whenever it is not 0. */
static inline pte_t pte_make(pfn_t pfn, unsigned int prot)
{
	return (pte_t)pfn << PAGE_SHIFT | pte_rights(prot);
}

/* The same for a large page, whose first frame is @pfn. */
static inline pte_t pte_make_large(pfn_t pfn, unsigned int prot)
{
	return pte_make(pfn, prot) | PTE_LARGE;
}

/* The entry of the @i-th small page of a large one: rights and marks are equal. */
static inline pte_t pte_small_of(pte_t large, size_t i)
{
	return (large & ~PTE_LARGE) + (i << PAGE_SHIFT);
}

/* The same rights and marks for another frame. */
static inline pte_t pte_with_pfn(pte_t pte, pfn_t pfn)
{
	return (pte & ~PTE_FRAME_MASK) | (pte_t)pfn << PAGE_SHIFT;
}

/* The same frame with other rights; all else that is known of it is kept. */
static inline pte_t pte_modify(pte_t pte, unsigned int prot)
{
	const pte_t kept = PTE_FRAME_MASK | PTE_LARGE | PTE_ACCESSED |
			   PTE_DIRTY | PTE_FORKED;

	return (pte & kept) | pte_rights(prot);
}

static inline pte_t pte_wrprotect(pte_t pte)
{
	return pte & ~PTE_WRITABLE;
}

/*
 * A page that fork has shared: it cannot be written before a write fault has
 * found out whether somebody still shares it, whatever mprotect says.
 */
static inline pte_t pte_mkforked(pte_t pte)
{
	return (pte & ~PTE_WRITABLE) | PTE_FORKED;
}

static inline bool pte_forked(pte_t pte)
{
	return pte & PTE_FORKED;
}

/* Not accessed: the CPU will say so when it uses the page again. */
static inline pte_t pte_mkold(pte_t pte)
{
	return pte & ~PTE_ACCESSED;
}

static inline pte_t pte_mkdirty(pte_t pte)
{
	return pte | PTE_DIRTY;
}

/* Not dirty, likewise. */
static inline pte_t pte_mkclean(pte_t pte)
{
	return pte & ~PTE_DIRTY;
}

/* A kernel page: readable and writable, global, never executed. */
static inline pte_t pte_make_kernel(pfn_t pfn)
{
	return (pte_t)pfn << PAGE_SHIFT | PTE_PRESENT | PTE_WRITABLE |
	       PTE_GLOBAL | pte_no_exec;
}

/* An entry of a higher level: the rights are decided in the last one. */
static inline pte_t pte_make_table(pfn_t pfn)
{
	return (pte_t)pfn << PAGE_SHIFT | PTE_PRESENT | PTE_WRITABLE | PTE_USER;
}

/* The table that a present entry of a higher level points to. */
static inline pte_t *pte_table(pte_t pte)
{
	return phys_to_virt(pte & PTE_FRAME_MASK);
}

/* ---- whole pages ---- */

/* rep stosq and movsq: as fast as it gets on small and emulated CPUs alike. */
static inline void page_zero(void *page)
{
	size_t n = PAGE_SIZE / 8;

	__asm__ volatile("rep stosq" : "+D"(page), "+c"(n) : "a"(0UL)
			 : "memory");
}

static inline void page_copy(void *to, const void *from)
{
	size_t n = PAGE_SIZE / 8;

	__asm__ volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(n) : :
			 "memory");
}

/* ---- TLB of this CPU ---- */

/* Forget the translation of one page, global or not. */
static inline void tlb_flush_page(vaddr_t addr)
{
	invlpg(addr);
}

/* Forget every translation of the lower half; global pages stay. */
static inline void tlb_flush_mm(void)
{
	write_cr3(read_cr3());
}

/* Use the tables at @pml4, an address in the direct map, from now on. */
static inline void arch_load_pml4(const pte_t *pml4)
{
	write_cr3(virt_to_phys(pml4));
}

/* ---- interrupts ---- */

/* Switch interrupts off and return the state for irq_restore(). */
static inline unsigned long irq_save(void)
{
	unsigned long flags = read_rflags();

	cli();
	return flags;
}

static inline void irq_restore(unsigned long flags)
{
	if (flags & EFLAGS_IF)
		sti();
}

static inline void irq_enable(void)
{
	sti();
}

static inline void irq_disable(void)
{
	cli();
}

static inline bool irqs_enabled(void)
{
	return read_rflags() & EFLAGS_IF;
}

/* ---- user memory ---- */

/*
 * Copy between kernel and user memory, or clear user memory. The caller has
 * checked that the user's side is user memory. Faults are taken on the way and
 * resolved; where one cannot be, the copy ends there. Returns the bytes that
 * are left: 0 is success.
 */
size_t arch_copy_user(void *to, const void *from, size_t bytes);
size_t arch_clear_user(void *to, size_t bytes);

/*
 * Copy from user memory up to and including a NUL, at most @bytes. Returns the
 * bytes copied, or -1 after a fault that could not be resolved.
 */
ssize_t arch_copy_user_string(char *to, const char *from, size_t bytes);

/* ---- the running task ---- */

struct task;

/* GS points to struct cpu (percpu.h), which starts with the pointer. */
static inline struct task *current_task(void)
{
	struct task *task;

	__asm__("mov %%gs:0, %0" : "=r"(task));
	return task;
}
