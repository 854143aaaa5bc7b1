/*
 * The kernel as libc/malloc's port: where kmalloc's memory comes from.
 *
 * The heap is one window that grows and shrinks frame by frame, each mapped before
 * malloc hears of it, so that the kernel never faults on its own memory:
 *
 *	KHEAP_BASE                             heap_end
 *	 | chunk | chunk | free | chunk | top  |  not mapped ...
 *
 * Requests from 128 KiB on are blocks of the frame allocator, seen through the
 * direct map; freed ones may be kept for a while (libc/malloc/keep.h). If there is
 * no such block they come from the window too, where frames need not be neighbours.
 *
 * The window changes with malloc's lock held. All takes what frame_alloc() has at
 * once, or refuses. It must not reclaim, since that may free memory, here.
 *
 * What a program of many threads has once for each, its cache, the kernel has once
 * for its one CPU: with more CPUs, `tcache` becomes a variable of each.
 */
#include "kheap.h"

#include "../../libc/malloc/port.h"
#include "arch.h"
#include "frame.h"
#include "lock.h"
#include "panic.h"
#include "pgtable.h"
#include "printk.h"
#include "random.h"

/* One entry of the top-level table, which all address spaces share. */
#define KHEAP_BYTES (1UL << 39)

/*
 * No pad: a request that finds no memory should have needed it. What was freed at
 * the end goes back in steps of 64 KiB.
 */
#define OPTIONS "top_pad=0,trim_threshold=64k"

uint64_t kheap_frames; /* no lock: there is one CPU */
static vaddr_t heap_end; /* malloc's lock */

/* Their source has a lock that may not be taken below one of malloc's. */
static uint64_t random[2];

void kheap_init(void)
{
	heap_end = KHEAP_BASE;
	random_bytes(random, sizeof(random));
}

void port_start(struct port_boot *boot)
{
	boot->random[0] = random[0];
	boot->random[1] = random[1];
	boot->nr_cpus = 1;
	malloc_parse_options(OPTIONS);
}

/* ---- the window ---- */

static bool add_page(void)
{
	struct frame *frame = frame_alloc(0, FRAME_KHEAP);

	if (!frame)
		return false;
	if (kernel_map_page(heap_end, frame)) {
		frame_free(frame);
		return false;
	}
	page_zero(frame_to_virt(frame));
	heap_end += PAGE_SIZE;
	kheap_frames++;
	return true;
}

static void shrink_to(vaddr_t end)
{
	while (heap_end > end) {
		heap_end -= PAGE_SIZE;
		frame_free(kernel_unmap_page(heap_end));
		kheap_frames--;
	}
}

void *port_sbrk(intptr_t bytes)
{
	vaddr_t old = heap_end, end = old + (vaddr_t)bytes;

	if (bytes > 0 && (vaddr_t)bytes > KHEAP_BASE + KHEAP_BYTES - old)
		return NULL;
	while (heap_end < end) {
		if (!add_page()) {
			shrink_to(old);
			return NULL;
		}
	}
	shrink_to(end);
	return (void *)old;
}

/* ---- blocks of frames ---- */

/* The frames become single ones, so that any part may go back. */
static void *map_block(size_t bytes)
{
	unsigned int order = 0;
	struct frame *block;
	char *start;

	while (order <= MAX_ORDER && PAGE_SIZE << order < bytes)
		order++;
	block = order <= MAX_ORDER ? frame_alloc(order, FRAME_KHEAP) : NULL;
	if (!block)
		return NULL;
	frame_split(block);
	kheap_frames += 1UL << order;
	start = frame_to_virt(block);
	port_unmap(start + bytes, (PAGE_SIZE << order) - bytes);
	for (size_t at = 0; at < bytes; at += PAGE_SIZE)
		page_zero(start + at);
	return start;
}

/* To grow a block malloc has to copy it; nobody in the kernel asks for that. */
void *port_map(void *old, size_t old_bytes, size_t new_bytes)
{
	(void)old_bytes;
	return old ? NULL : map_block(new_bytes);
}

void port_unmap(void *start, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += PAGE_SIZE) {
		frame_free(virt_to_frame((char *)start + at));
		kheap_frames--;
	}
}

/* A page without a frame would be a fault in the kernel. */
bool port_decommit(void *start, size_t bytes, bool guard)
{
	(void)start, (void)bytes, (void)guard;
	return false;
}

/* ---- everything else ---- */

/* For a debug build's eyes: malloc's locks are words of its own. */
static const struct spinlock rank = SPINLOCK_INIT(RANK_HEAP);

void port_lock(port_lock_t *lock)
{
	lock_order_spin(&rank);
	while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
		__builtin_ia32_pause();
}

void port_unlock(port_lock_t *lock)
{
	lock_order_unspin(&rank);
	__atomic_store_n(lock, 0, __ATOMIC_RELEASE);
}

/* The one cache is the CPU's, and stays. */
bool port_thread(void)
{
	return true;
}

/* The kernel's callers are told by NULL alone. */
void port_errno(int err)
{
	(void)err;
}

void port_message(const char *line, size_t bytes, bool fatal)
{
	int length = (int)bytes - 1; /* panic() ends the line itself */

	if (fatal)
		panic("%.*s", length, line);
	printk("%.*s\n", length, line);
}
