/*
 * Small kernel objects: one frame is a slab of objects of one size class.
 *
 * A slab needs no memory of its own for bookkeeping: its struct frame has it, and
 * free objects hold the link to the next one. Objects that were never handed out
 * are not linked at all, so that a new slab costs nothing to prepare:
 *
 *	| used | free ->| used | free |  fresh ...        | tail |
 *	                 <------------+   ^slab.fresh
 *
 * A slab with room is in its class's list; a full one is in none; an empty one
 * goes back to the frame allocator at once, so that the kernel heap holds nothing
 * for programs that are gone. Larger requests are blocks of the frame allocator.
 */
#include "kmalloc.h"

#include "arch.h"
#include "frame.h"
#include "panic.h"
#include "string.h"

#define SIZE_STEP 32
#define MAX_SLAB_BYTES 2048

struct size_class {
	uint16_t bytes;
	uint16_t per_slab;
	uint32_t partial; /* first slab with room, a frame number; 0: none */
};

/* Each wastes at most a third of an object, and most divide a page well. */
static struct size_class classes[] = {
	{ .bytes = 32 },  { .bytes = 64 },   { .bytes = 96 },
	{ .bytes = 128 }, { .bytes = 192 },  { .bytes = 256 },
	{ .bytes = 384 }, { .bytes = 512 },  { .bytes = 672 },
	{ .bytes = 800 }, { .bytes = 1024 }, { .bytes = 1360 },
	{ .bytes = 2048 },
};

/* Which class serves a request of (index) * SIZE_STEP bytes. */
static uint8_t class_of_step[MAX_SLAB_BYTES / SIZE_STEP + 1];

void kmalloc_init(void)
{
	size_t class = 0;

	for (size_t step = 0; step < ARRAY_SIZE(class_of_step); step++) {
		while (classes[class].bytes < step * SIZE_STEP)
			class++;
		class_of_step[step] = (uint8_t)class;
	}
	for (class = 0; class < ARRAY_SIZE(classes); class++)
		classes[class].per_slab = PAGE_SIZE / classes[class].bytes;
}

/* ---- the list of slabs with room ---- */

static void partial_push(struct size_class *class, struct frame *slab)
{
	slab->prev = 0;
	slab->next = class->partial;
	if (slab->next)
		pfn_to_frame(slab->next)->prev = (uint32_t)frame_to_pfn(slab);
	class->partial = (uint32_t)frame_to_pfn(slab);
}

static void partial_remove(struct size_class *class, struct frame *slab)
{
	if (slab->prev)
		pfn_to_frame(slab->prev)->next = slab->next;
	else
		class->partial = slab->next;
	if (slab->next)
		pfn_to_frame(slab->next)->prev = slab->prev;
}

static struct frame *slab_create(struct size_class *class)
{
	struct frame *slab = frame_alloc(0, FRAME_KHEAP);

	if (!slab)
		return NULL;
	slab->owner = class;
	slab->slab.free = 0;
	slab->slab.used = 0;
	slab->slab.fresh = 0;
	partial_push(class, slab);
	return slab;
}

/*
 * A free object's first word is the link: where the next one starts in the page,
 * plus one, so that 0 can end the list.
 */
static void *slab_take(struct size_class *class, struct frame *slab)
{
	char *page = frame_to_virt(slab);
	char *object;

	if (slab->slab.free) {
		object = page + slab->slab.free - 1;
		slab->slab.free = *(uint16_t *)object;
	} else {
		object = page + slab->slab.fresh;
		slab->slab.fresh += class->bytes;
	}
	if (++slab->slab.used == class->per_slab)
		partial_remove(class, slab);
	return object;
}

static void slab_give(struct size_class *class, struct frame *slab, void *ptr)
{
	size_t offset = (vaddr_t)ptr & (PAGE_SIZE - 1);

	KASSERT(offset % class->bytes == 0 && slab->slab.used > 0);
	if (slab->slab.used == class->per_slab)
		partial_push(class, slab);
	if (--slab->slab.used == 0) {
		partial_remove(class, slab);
		frame_free(slab);
		return;
	}
	*(uint16_t *)ptr = slab->slab.free;
	slab->slab.free = (uint16_t)(offset + 1);
}

/* ---- public ---- */

static void *large_alloc(size_t size)
{
	struct frame *block;
	unsigned int order = 0;

	if (size > KMALLOC_MAX_BYTES)
		return NULL;
	while ((PAGE_SIZE << order) < size)
		order++;
	block = frame_alloc(order, FRAME_KHEAP);
	if (!block)
		return NULL;
	block->owner = NULL;
	return frame_to_virt(block);
}

void *kmalloc(size_t size)
{
	struct size_class *class;
	struct frame *slab;

	if (should_fail(FAIL_OBJECT))
		return NULL;
	if (unlikely(size > MAX_SLAB_BYTES))
		return large_alloc(size);
	class = &classes[class_of_step[(size + SIZE_STEP - 1) / SIZE_STEP]];
	if (likely(class->partial)) {
		slab = pfn_to_frame(class->partial);
	} else {
		slab = slab_create(class);
		if (!slab)
			return NULL;
	}
	return slab_take(class, slab);
}

void *kzalloc(size_t size)
{
	void *ptr = kmalloc(size);

	if (ptr)
		memset(ptr, 0, size);
	return ptr;
}

void kfree(void *ptr)
{
	struct frame *frame;

	if (!ptr)
		return;
	frame = virt_to_frame(ptr);
	KASSERT(frame->purpose == FRAME_KHEAP);
	if (frame->owner)
		slab_give(frame->owner, frame, ptr);
	else
		frame_free(frame);
}

size_t kmalloc_size(const void *ptr)
{
	const struct frame *frame = virt_to_frame(ptr);

	if (!frame->owner)
		return PAGE_SIZE << frame->order;
	return ((const struct size_class *)frame->owner)->bytes;
}
