/*
 * Physical frames: the buddy allocator and the per-frame metadata.
 *
 * Every frame of RAM has a struct frame, 32 bytes, found by arithmetic on its
 * number. Blocks of 2^order frames, order 0 to MAX_ORDER, are split and
 * coalesced; single frames pass through a small per-CPU list.
 *
 * Nothing here sleeps, and nothing here may be called from an interrupt.
 */
#pragma once

#include "arch.h"
#include "ledger.h"
#include "types.h"

#define MAX_ORDER 10 /* 1024 frames, 4 MiB */
#define NR_ORDERS (MAX_ORDER + 1)

struct frame {
	uint32_t refs;   /* atomic; 0 while free. 1 per mapping, cache or owner */
	uint8_t order;   /* of the block this frame heads, free or allocated */
	uint8_t purpose; /* enum frame_purpose */
	uint16_t flags;  /* FRAME_FLAG_* */
	uint32_t next;   /* free list: frame numbers, 0 ends a list; the frame's */
	uint32_t prev;   /* owner may use both while it is allocated */
	void *owner;     /* free for the owner: an inode; as is index */
	uint64_t index;  /* which page of a file this is */
};

_Static_assert(sizeof(struct frame) == 32, "0.8% of RAM is metadata");

#define FRAME_FLAG_BUDDY 1 /* heads a block in a free list of the allocator */
#define FRAME_FLAG_READING 2    /* page cache: the disk is still filling it */
#define FRAME_FLAG_ERROR 4      /* page cache: the disk could not */
#define FRAME_FLAG_REFERENCED 8 /* a cache: used since the clock came by */
#define FRAME_FLAG_DIRTY 16     /* swap cache: not on the disk yet */
#define FRAME_FLAG_WRITING 32   /* swap cache: on its way to the disk */
#define FRAME_FLAG_RESERVED 128 /* tmpfs: of fallocate(), not used yet */
#define FRAME_FLAG_LAZY 64      /* MADV_FREE: may go unless written again */

static inline struct frame *pfn_to_frame(pfn_t pfn)
{
	return frame_map + pfn;
}

static inline pfn_t frame_to_pfn(const struct frame *frame)
{
	return (pfn_t)(frame - frame_map);
}

static inline paddr_t frame_to_phys(const struct frame *frame)
{
	return (paddr_t)frame_to_pfn(frame) << PAGE_SHIFT;
}

static inline struct frame *phys_to_frame(paddr_t pa)
{
	return pfn_to_frame(pa >> PAGE_SHIFT);
}

/* Where the kernel sees the frame's bytes: the direct map. */
static inline void *frame_to_virt(const struct frame *frame)
{
	return phys_to_virt(frame_to_phys(frame));
}

static inline struct frame *virt_to_frame(const void *virt)
{
	return phys_to_frame(virt_to_phys(virt));
}

/*
 * Take over from the early allocator: build the metadata of all RAM and hand
 * what is free to the buddy lists. Once, after paging_init().
 */
void frame_init(void);

/*
 * A block of 2^order frames with one reference, or NULL when there is none.
 * The contents are whatever the last owner left. @order is 0 to MAX_ORDER.
 */
struct frame *frame_alloc(unsigned int order, enum frame_purpose purpose);

/* As frame_alloc(0, @purpose), filled with zero bytes. */
struct frame *frame_alloc_zeroed(enum frame_purpose purpose);

/* Flags, which several tasks may change at once. */
static inline bool frame_flag_test(const struct frame *frame, uint16_t flags)
{
	return __atomic_load_n(&frame->flags, __ATOMIC_ACQUIRE) & flags;
}

static inline void frame_flag_set(struct frame *frame, uint16_t flags)
{
	__atomic_fetch_or(&frame->flags, flags, __ATOMIC_RELEASE);
}

static inline void frame_flag_clear(struct frame *frame, uint16_t flags)
{
	__atomic_fetch_and(&frame->flags, (uint16_t)~flags, __ATOMIC_RELEASE);
}

/* A private page of programs, whether it has a slot on a swap disk too or not. */
static inline bool frame_is_anon(const struct frame *frame)
{
	return frame->purpose == FRAME_ANON || frame->purpose == FRAME_SWAP;
}

static inline uint32_t frame_refs(const struct frame *frame)
{
	return __atomic_load_n(&frame->refs, __ATOMIC_ACQUIRE);
}

/* One more reference to an allocated block. */
static inline void frame_get(struct frame *frame)
{
	__atomic_fetch_add(&frame->refs, 1, __ATOMIC_RELAXED);
}

/* Drop one reference; the last one returns the block to the allocator. */
void frame_put(struct frame *frame);

/* Free a block whose caller holds the only reference: frame_put() without a test. */
void frame_free(struct frame *frame);

/*
 * Make the allocated block at @block single frames, each with the purpose and the
 * references of the block.
 */
void frame_split(struct frame *block);

/*
 * The reverse: make 2^@order single frames from @first on, aligned as a block and
 * each with one reference, one block with one reference.
 */
void frame_join(struct frame *first, unsigned int order);

/* Enter an allocated block under another purpose. */
void frame_set_purpose(struct frame *frame, enum frame_purpose purpose);

/*
 * Give back frames that the early allocator had reserved, [start, end), whole
 * pages: the initramfs once it is unpacked.
 */
void frame_release_early(paddr_t start, paddr_t end);

/* Free blocks of each order, as /proc/buddyinfo counts them. */
void frame_count_free(uint64_t counts[NR_ORDERS]);

/*
 * Walk all metadata and check every invariant: list links, orders, alignment,
 * buddies that should have been one block, the ledger. Panics on the first
 * that fails; takes time proportional to RAM.
 */
void frame_validate(void);

/*
 * Fault injection: asked before each of these; true: it fails. NULL: everything
 * works.
 */
enum fail_site { FAIL_FRAME, FAIL_OBJECT, FAIL_DISK };

extern bool (*fail_hook)(enum fail_site site);

static inline bool should_fail(enum fail_site site)
{
	return unlikely(fail_hook != NULL) && fail_hook(site);
}

/*
 * The same for host tests: let @after allocations of frames succeed, then fail the
 * next @count ones. @count 0 switches it off.
 */
void frame_fail_after(uint64_t after, uint64_t count);
