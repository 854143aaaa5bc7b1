/*
 * The build machine in the role of the processor: what kernel/mm/ asks of
 * arch.h, answered by ordinary memory. See arch.h for what each promises.
 *
 * RAM is one array. Frame numbers start at host_first_pfn, so that tests can
 * place it where alignment matters.
 */
#pragma once

#include <string.h>

#include "types.h"

#define HOST_RAM_BYTES (64UL << 20)

struct frame;

extern unsigned char *host_ram;    /* HOST_RAM_BYTES, page aligned */
extern int host_ram_file;          /* the memory behind it: host_window.c */
extern paddr_t host_ram_start;     /* the physical address it plays */
extern struct frame *frame_map;    /* indexed by frame number */

/* Where host_window.c has put the kernel heap. */
extern vaddr_t host_heap;
#undef KHEAP_BASE
#define KHEAP_BASE host_heap

static inline void *phys_to_virt(paddr_t pa)
{
	return host_ram + (pa - host_ram_start);
}

static inline paddr_t virt_to_phys(const void *virt)
{
	return (paddr_t)((const unsigned char *)virt - host_ram) +
	       host_ram_start;
}

static inline void page_zero(void *page)
{
	memset(page, 0, 4096);
}

static inline void page_copy(void *to, const void *from)
{
	memcpy(to, from, 4096);
}
