/*
 * The kernel's own page tables.
 */
#pragma once

#include "types.h"

extern bool cpu_has_smap;     /* stac and clac exist, and are needed */
extern bool cpu_has_1g_pages; /* a pdpt entry can map 1 GiB */

/* Physical addresses of this CPU end here. */
uint64_t cpu_phys_limit(void);

/*
 * Replace the boot loader's mappings: build the kernel's tables from early
 * memory and load them. After boot_info_init(), early_add() and reservations.
 */
void paging_init(void);

/*
 * Map device memory [pa, pa + bytes), uncached, and return where. The address is
 * the direct map's. Between paging_init() and frame_init().
 */
void *paging_map_device(paddr_t pa, size_t bytes);
