/*
 * RAM for the frame allocator on the build machine. See arch_inline.h here.
 */
#include "early.h"
#include "frame.h"
#include "host.h"
#include "reclaim.h"

unsigned char *host_ram;
paddr_t host_ram_start;
struct frame *frame_map;

/* On the host the metadata is there from the start. */
void arch_early_map(vaddr_t va, size_t bytes)
{
	(void)va;
	(void)bytes;
}

void host_frames_init(paddr_t start)
{
	size_t nr = (start + HOST_RAM_BYTES + (4UL << 20)) >> PAGE_SHIFT;

	host_ram = aligned_alloc(PAGE_SIZE, HOST_RAM_BYTES);
	/* Page aligned, since frame_init() clears whole pages of it. */
	frame_map = aligned_alloc(PAGE_SIZE,
				  page_align_up(nr * sizeof(*frame_map)));
	host_ram_start = start;
	early_add(start, start + HOST_RAM_BYTES);
}

/* Here nothing can be given back. */
struct frame *frame_alloc_waiting(enum frame_purpose purpose)
{
	return frame_alloc(0, purpose);
}
