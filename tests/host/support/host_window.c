/*
 * Kernel space on the build machine: pages of the heap's window show the frames
 * of host_ram, and touching any other page of it ends the test.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "frame.h"
#include "host.h"
#include "panic.h"
#include "pgtable.h"

#define WINDOW_BYTES (1UL << 30)

vaddr_t host_heap;

static struct frame *shown[WINDOW_BYTES >> PAGE_SHIFT];

void host_window_init(void)
{
	void *window = mmap(NULL, WINDOW_BYTES, PROT_NONE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	KASSERT(window != MAP_FAILED);
	host_heap = (vaddr_t)window;
}

static struct frame **shown_at(vaddr_t addr)
{
	KASSERT(page_aligned(addr) && addr >= host_heap &&
		addr < host_heap + WINDOW_BYTES);
	return &shown[(addr - host_heap) >> PAGE_SHIFT];
}

int kernel_map_page(vaddr_t addr, struct frame *frame)
{
	off_t at = (off_t)(frame_to_phys(frame) - host_ram_start);

	KASSERT(!*shown_at(addr));
	*shown_at(addr) = frame;
	KASSERT(mmap((void *)addr, PAGE_SIZE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_FIXED, host_ram_file, at) ==
		(void *)addr);
	return 0;
}

struct frame *kernel_unmap_page(vaddr_t addr)
{
	struct frame *frame = *shown_at(addr);

	KASSERT(frame);
	*shown_at(addr) = NULL;
	KASSERT(mmap((void *)addr, PAGE_SIZE, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
		     -1, 0) == (void *)addr);
	return frame;
}
