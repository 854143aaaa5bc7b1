/*
 * RAM for the frame allocator on the build machine. See arch_inline.h here.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <unistd.h>

#include "early.h"
#include "frame.h"
#include "host.h"
#include "panic.h"
#include "reclaim.h"

unsigned char *host_ram;
int host_ram_file;
paddr_t host_ram_start;
struct frame *frame_map;

/* On the host the metadata is there from the start. */
void arch_early_map(vaddr_t va, size_t bytes)
{
	(void)va;
	(void)bytes;
}

/* Not from malloc: that may be the one that is tested. */
static void *map(size_t bytes, int flags, int file)
{
	void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, file, 0);

	KASSERT(start != MAP_FAILED);
	return start;
}

void host_frames_init(paddr_t start)
{
	size_t nr = (start + HOST_RAM_BYTES + (4UL << 20)) >> PAGE_SHIFT;

	host_ram_file = memfd_create("ram", 0);
	KASSERT(ftruncate(host_ram_file, HOST_RAM_BYTES) == 0);
	host_ram = map(HOST_RAM_BYTES, MAP_SHARED, host_ram_file);
	/* Page aligned, since frame_init() clears whole pages of it. */
	frame_map = map(page_align_up(nr * sizeof(*frame_map)),
			MAP_PRIVATE | MAP_ANONYMOUS, -1);
	host_ram_start = start;
	early_add(start, start + HOST_RAM_BYTES);
}

/* Here nothing can be given back. */
struct frame *frame_alloc_waiting(enum frame_purpose purpose)
{
	return frame_alloc(0, purpose);
}
