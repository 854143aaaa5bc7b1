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
#include "task.h"

#define NR_SLOTS PID_MAX /* one for each task that can exist */

static struct spinlock kstack_lock = SPINLOCK_INIT;
static uint64_t slot_map[BITMAP_WORDS(NR_SLOTS)]; /* kstack_lock */
static size_t lowest_free;                        /* kstack_lock: a hint */

static vaddr_t slot_stack(size_t slot)
{
	return KSTACK_BASE + slot * KSTACK_SLOT_BYTES + PAGE_SIZE;
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

static void unmap_below(vaddr_t start, vaddr_t end)
{
	while (end > start) {
		end -= PAGE_SIZE;
		frame_put(kernel_unmap_page(end));
	}
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

static int map_stack(vaddr_t start)
{
	for (vaddr_t page = start; page < start + KSTACK_BYTES;
	     page += PAGE_SIZE) {
		int err = map_stack_page(page);

		if (err) {
			unmap_below(start, page);
			return err;
		}
	}
	return 0;
}

vaddr_t kstack_alloc(void)
{
	size_t slot = slot_take();

	if (slot == NR_SLOTS)
		return 0;
	if (map_stack(slot_stack(slot))) {
		slot_give_back(slot);
		return 0;
	}
	return slot_stack(slot) + KSTACK_BYTES;
}

void kstack_free(vaddr_t top)
{
	vaddr_t start = top - KSTACK_BYTES;

	KASSERT(start >= KSTACK_BASE + PAGE_SIZE);
	unmap_below(start, top);
	slot_give_back((start - KSTACK_BASE) / KSTACK_SLOT_BYTES);
}

bool kstack_is_guard(vaddr_t addr)
{
	if (addr < KSTACK_BASE || addr >= slot_stack(NR_SLOTS))
		return false;
	return (addr - KSTACK_BASE) % KSTACK_SLOT_BYTES < PAGE_SIZE;
}
