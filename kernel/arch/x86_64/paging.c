/*
 * The kernel's own page tables, built once at boot.
 *
 *	image        each section with its own rights, 4 KiB pages
 *	direct map   all RAM, read-write, never executed, in the largest pages
 *	             that fit; but the image's code and constants are read-only
 *	             in this alias too
 *	windows      a pdpt for each, so that the upper half of the pml4 never
 *	             changes again
 *
 * Nothing of the lower half stays: a null pointer faults.
 */
#include "paging.h"

#include "arch.h"
#include "boot.h"
#include "early.h"
#include "panic.h"
#include "percpu.h"

/* multiboot.asm maps this much; tables must lie below to be written to. */
#define BOOT_MAP_END (4UL << 30)

#define LEVEL_PT 0   /* entries of 4 KiB */
#define LEVEL_PD 1   /* of 2 MiB */
#define LEVEL_PDPT 2 /* of 1 GiB */
#define LEVEL_PML4 3

#define MAX_GUARDS 8

/* linker.ld */
extern char text_start[], text_end[], rodata_end[];

pte_t *kernel_pml4;

static pte_t *alloc_table(void)
{
	pte_t *table = phys_to_virt(early_alloc(PAGE_SIZE, PAGE_SIZE,
						BOOT_MAP_END, FRAME_KERNEL));

	page_zero(table);
	return table;
}

/* The entry for @va in a table of @level; missing tables are made. */
static pte_t *find_slot(vaddr_t va, unsigned int level)
{
	pte_t *table = kernel_pml4;

	for (unsigned int at = LEVEL_PML4; at > level; at--) {
		pte_t *slot = &table[pte_index(va, at)];

		if (!pte_present(*slot))
			*slot = pte_make_table(virt_to_phys(alloc_table()) >>
					       PAGE_SHIFT);
		KASSERT(!(*slot & PTE_LARGE));
		table = pte_table(*slot);
	}
	return &table[pte_index(va, level)];
}

/* The largest page that may start at both addresses and ends within @bytes. */
static unsigned int largest_level(vaddr_t va, paddr_t pa, size_t bytes)
{
	unsigned int level = cpu_has_1g_pages ? LEVEL_PDPT : LEVEL_PD;

	while ((va | pa) & (pte_span(level) - 1) || bytes < pte_span(level))
		level--;
	return level;
}

/* Map whole pages. @rights: PTE_WRITABLE, pte_no_exec and caching bits. */
static void map_range(vaddr_t va, paddr_t pa, size_t bytes, pte_t rights)
{
	rights |= PTE_PRESENT | PTE_GLOBAL;
	while (bytes) {
		unsigned int level = largest_level(va, pa, bytes);

		*find_slot(va, level) =
			pa | rights | (level > LEVEL_PT ? PTE_LARGE : 0);
		va += pte_span(level);
		pa += pte_span(level);
		bytes -= pte_span(level);
	}
}

static void map_image_section(const char *start, const char *end, pte_t rights)
{
	map_range((vaddr_t)start, image_to_phys(start), end - start, rights);
}

static void map_image(void)
{
	const char *guards[MAX_GUARDS];
	size_t nr = cpu_stack_guards(guards, MAX_GUARDS);

	map_image_section(text_start, text_end, 0);
	map_image_section(text_end, rodata_end, pte_no_exec);
	map_image_section(rodata_end, kernel_end, PTE_WRITABLE | pte_no_exec);
	for (size_t i = 0; i < nr; i++)
		*find_slot((vaddr_t)guards[i], LEVEL_PT) = 0;
}

static void map_direct(paddr_t start, paddr_t end, pte_t rights)
{
	if (start < end)
		map_range((vaddr_t)phys_to_virt(start), start, end - start,
			  rights | pte_no_exec);
}

static paddr_t clamp(paddr_t pa, paddr_t low, paddr_t high)
{
	return pa < low ? low : pa > high ? high : pa;
}

/* One range of RAM, in three parts: below, inside and above the constant image. */
static void map_ram(paddr_t start, paddr_t end)
{
	paddr_t constant = clamp(image_to_phys(text_start), start, end);
	paddr_t constant_end = clamp(image_to_phys(rodata_end), start, end);

	map_direct(start, constant, PTE_WRITABLE);
	map_direct(constant, constant_end, 0);
	map_direct(constant_end, end, PTE_WRITABLE);
}

void paging_init(void)
{
	static const vaddr_t windows[] = {
		FRAME_MAP_BASE, KSTACK_BASE, KHEAP_BASE,
	};
	const struct early_range *ram;
	size_t nr;

	kernel_pml4 = alloc_table();
	map_image();
	ram = early_ram(&nr);
	for (size_t i = 0; i < nr; i++)
		map_ram(ram[i].start, ram[i].end);
	for (size_t i = 0; i < ARRAY_SIZE(windows); i++)
		find_slot(windows[i], LEVEL_PDPT);
	arch_load_pml4(kernel_pml4);
}

void *paging_map_device(paddr_t pa, size_t bytes)
{
	paddr_t start = page_align_down(pa), end = page_align_up(pa + bytes);

	map_direct(start, end,
		   PTE_WRITABLE | PTE_CACHE_DISABLE | PTE_WRITE_THROUGH);
	return phys_to_virt(pa);
}

/*
 * Large pages where they fit: a 64 GiB machine has half a GiB of metadata. A
 * table that is there already means that a neighbour's edge is mapped in it.
 */
void arch_early_map(vaddr_t va, size_t bytes)
{
	vaddr_t end = page_align_up(va + bytes);

	va = page_align_down(va);
	while (va < end) {
		unsigned int level = largest_level(va, 0, end - va);
		pte_t *slot;

		if (level > LEVEL_PD)
			level = LEVEL_PD;
		slot = find_slot(va, level);
		if (level == LEVEL_PD && pte_present(*slot)) {
			level = LEVEL_PT;
			slot = find_slot(va, level);
		}
		if (!pte_present(*slot))
			*slot = early_alloc(pte_span(level), pte_span(level),
					    UINT64_MAX, FRAME_METADATA) |
				PTE_PRESENT | PTE_WRITABLE | PTE_GLOBAL |
				pte_no_exec | (level ? PTE_LARGE : 0);
		va += pte_span(level);
	}
}
