/*
 * Kernel stacks: slots of a window of kernel space, each with a guard page.
 *
 * The lowest free slot is taken, so that few page tables serve the window.
 * Nothing is kept for reuse: a stack's frames go back when its task has ended,
 * and the ledger is what it was before.
 */
#include "kstack.h"

#include <uapi/errno.h>

#include "bitmap.h"
#include "frame.h"
#include "lock.h"
#include "panic.h"
#include "pgtable.h"
#include "string.h"
#include "task.h"

#define NR_SLOTS PID_MAX /* one for each task that can exist */

static struct spinlock kstack_lock = SPINLOCK_INIT(RANK_TABLE);
static uint64_t slot_map[BITMAP_WORDS(NR_SLOTS)]; /* kstack_lock */
static size_t lowest_free;                        /* kstack_lock: a hint */

static vaddr_t slot_top(size_t slot)
{
	return KSTACK_BASE + (slot + 1) * KSTACK_SLOT_BYTES;
}

/* A slot nobody has, or NR_SLOTS. */
static size_t slot_take(void)
{
	unsigned long irq = spin_lock_irqsave(&kstack_lock);
	size_t slot = bitmap_find_clear(slot_map, NR_SLOTS, lowest_free);

	if (slot < NR_SLOTS) {
		bitmap_set(slot_map, slot);
		lowest_free = slot + 1;
	}
	spin_unlock_irqrestore(&kstack_lock, irq);
	return slot;
}

static void slot_give_back(size_t slot)
{
	unsigned long irq = spin_lock_irqsave(&kstack_lock);

	bitmap_clear(slot_map, slot);
	if (slot < lowest_free)
		lowest_free = slot;
	spin_unlock_irqrestore(&kstack_lock, irq);
}

/* A stack has no holes, so the first page that is not there is below it. */
vaddr_t kstack_start(vaddr_t top)
{
	vaddr_t start = top;

	while (kernel_page_is_mapped(start - PAGE_SIZE))
		start -= PAGE_SIZE;
	return start;
}

static void unmap_stack(vaddr_t top)
{
	for (vaddr_t page = kstack_start(top); page < top; page += PAGE_SIZE)
		frame_put(kernel_unmap_page(page));
}

static int map_stack_page(vaddr_t page)
{
	struct frame *frame = frame_alloc(0, FRAME_KSTACK);
	int err;

	if (!frame)
		return -ENOMEM;
	err = kernel_map_page(page, frame);
	if (err)
		frame_free(frame);
	return err;
}

#ifdef DEBUG

#define UNUSED_BYTE 0xa5
#define UNUSED_MIN_BYTES 512

static void mark_unused(vaddr_t top)
{
	memset((void *)kstack_start(top), UNUSED_BYTE, top - kstack_start(top));
}

/* Nobody may ever have come near the guard page. */
static void check_unused(vaddr_t top)
{
	vaddr_t start = kstack_start(top);
	size_t unused = 0;

	while (start + unused < top &&
	       *(const uint8_t *)(start + unused) == UNUSED_BYTE)
		unused++;
	if (unused < UNUSED_MIN_BYTES)
		panic("a kernel stack had %lu bytes left", unused);
}

#else

static void mark_unused(vaddr_t top)
{
	(void)top;
}

static void check_unused(vaddr_t top)
{
	(void)top;
}

#endif

vaddr_t kstack_alloc(size_t pages)
{
	size_t slot = slot_take();

	KASSERT(pages < KSTACK_SLOT_PAGES);
	if (slot == NR_SLOTS)
		return 0;
	for (size_t i = 1; i <= pages; i++) {
		if (map_stack_page(slot_top(slot) - i * PAGE_SIZE)) {
			unmap_stack(slot_top(slot));
			slot_give_back(slot);
			return 0;
		}
	}
	mark_unused(slot_top(slot));
	return slot_top(slot);
}

void kstack_free(vaddr_t top)
{
	KASSERT(top > KSTACK_BASE && top % KSTACK_SLOT_BYTES == 0);
	check_unused(top);
	unmap_stack(top);
	slot_give_back((top - KSTACK_BASE) / KSTACK_SLOT_BYTES - 1);
}

bool kstack_is_guard(vaddr_t addr)
{
	return addr >= KSTACK_BASE && addr < slot_top(NR_SLOTS - 1);
}
