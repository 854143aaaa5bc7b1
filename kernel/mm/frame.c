/*
 * The buddy allocator of physical frames.
 *
 * A block of order k is 2^k frames, aligned to its own size. Splitting halves a
 * block; freeing looks at the buddy, the other half of the block that would
 * contain both, and joins them while it can:
 *
 *	order 2  |       A       |      buddy_of(pfn, k) == pfn ^ (1 << k)
 *	order 1  |   B   |   B'  |
 *	order 0  | C | C'|
 *
 * Only the first frame of a block, its head, carries order, purpose and links.
 * Single frames pass through a small stack per CPU, which saves the search and
 * the joining for the order that nearly every caller wants.
 *
 *	sum over orders of free_blocks << order, + cached == ledger FREE
 */
#include "frame.h"

#include "arch.h"
#include "early.h"
#include "lock.h"
#include "panic.h"

/* How many single frames a CPU keeps, and how many move at a time. */
#define CACHE_FRAMES 64
#define CACHE_BATCH_ORDER 5
#define CACHE_BATCH (1u << CACHE_BATCH_ORDER)

/* One per CPU; there is one CPU, and kernel code is not preempted. */
struct frame_cache {
	unsigned int nr;
	uint32_t pfn[CACHE_FRAMES]; /* a stack: the last freed is the warmest */
};

static struct frame_cache cache;

static struct spinlock frame_lock = SPINLOCK_INIT(RANK_FRAME);
static uint32_t free_head[NR_ORDERS];   /* frame_lock: 0 ends a list */
static uint64_t free_blocks[NR_ORDERS]; /* frame_lock */

bool (*fail_hook)(enum fail_site site);

/* frame_fail_after(): what is left to succeed, then to fail. */
static uint64_t fail_skip, fail_count;

static pfn_t buddy_of(pfn_t pfn, unsigned int order)
{
	return pfn ^ (1UL << order);
}

/* ---- free lists; the caller holds frame_lock ---- */

static void list_push(pfn_t pfn, unsigned int order)
{
	struct frame *frame = pfn_to_frame(pfn);

	frame->order = (uint8_t)order;
	frame->purpose = FRAME_FREE;
	frame->flags = FRAME_FLAG_BUDDY;
	frame->prev = 0;
	frame->next = free_head[order];
	if (frame->next)
		pfn_to_frame(frame->next)->prev = (uint32_t)pfn;
	free_head[order] = (uint32_t)pfn;
	free_blocks[order]++;
}

static void list_take(pfn_t pfn, unsigned int order)
{
	struct frame *frame = pfn_to_frame(pfn);

	if (frame->prev)
		pfn_to_frame(frame->prev)->next = frame->next;
	else
		free_head[order] = frame->next;
	if (frame->next)
		pfn_to_frame(frame->next)->prev = frame->prev;
	frame->flags = 0;
	free_blocks[order]--;
}

/* ---- split and coalesce; the caller holds frame_lock ---- */

/* A block of @order, split off a larger one if need be; 0: there is none. */
static pfn_t buddy_take(unsigned int order)
{
	unsigned int from = order;
	pfn_t pfn;

	while (from <= MAX_ORDER && !free_head[from])
		from++;
	if (from > MAX_ORDER)
		return 0;
	pfn = free_head[from];
	list_take(pfn, from);
	while (from > order) {
		from--;
		list_push(buddy_of(pfn, from), from);
	}
	return pfn;
}

/* Whether the block at @pfn is free as a whole and has exactly @order. */
static bool is_free_block(pfn_t pfn, unsigned int order)
{
	const struct frame *frame = pfn_to_frame(pfn);

	return frame->flags & FRAME_FLAG_BUDDY && frame->order == order;
}

static void buddy_give(pfn_t pfn, unsigned int order)
{
	while (order < MAX_ORDER) {
		pfn_t buddy = buddy_of(pfn, order);

		if (!is_free_block(buddy, order))
			break;
		list_take(buddy, order);
		pfn &= buddy; /* the lower of the two heads the joined block */
		order++;
	}
	list_push(pfn, order);
}

/* ---- the per-CPU cache ---- */

/* In the cache a frame is free, though no block of the buddy lists. */
static void cache_push(pfn_t pfn)
{
	struct frame *frame = pfn_to_frame(pfn);

	frame->order = 0;
	frame->purpose = FRAME_FREE;
	frame->flags = 0;
	cache.pfn[cache.nr++] = (uint32_t)pfn;
}

/*
 * Fetch a batch as one block where possible: one search, and frames that leave
 * the cache one after the other are neighbours in memory.
 */
static void cache_refill(void)
{
	unsigned int order = CACHE_BATCH_ORDER;
	pfn_t pfn;

	spin_lock(&frame_lock);
	while (!(pfn = buddy_take(order)) && order > 0)
		order--;
	spin_unlock(&frame_lock);
	if (!pfn)
		return;
	for (pfn_t i = 1UL << order; i-- > 0;)
		cache_push(pfn + i);
}

/* Give the @nr frames that have been in the cache longest back to the lists. */
static void cache_drain(unsigned int nr)
{
	spin_lock(&frame_lock);
	for (unsigned int i = 0; i < nr; i++)
		buddy_give(cache.pfn[i], 0);
	spin_unlock(&frame_lock);
	cache.nr -= nr;
	for (unsigned int i = 0; i < cache.nr; i++)
		cache.pfn[i] = cache.pfn[i + nr];
}

/* ---- public: allocate and free ---- */

static bool fails_as_told(enum fail_site site)
{
	if (site != FAIL_FRAME)
		return false;
	if (fail_skip) {
		fail_skip--;
		return false;
	}
	if (!--fail_count)
		fail_hook = NULL;
	return true;
}

static struct frame *hand_out(pfn_t pfn, unsigned int order,
			      enum frame_purpose purpose)
{
	struct frame *frame = pfn_to_frame(pfn);

	frame->refs = 1;
	frame->order = (uint8_t)order;
	frame->purpose = (uint8_t)purpose;
	ledger.frames[FRAME_FREE] -= 1UL << order;
	ledger.frames[purpose] += 1UL << order;
	return frame;
}

/* A block larger than one frame; the cache may hold the missing pieces. */
static pfn_t take_block(unsigned int order)
{
	pfn_t pfn;

	spin_lock(&frame_lock);
	pfn = buddy_take(order);
	spin_unlock(&frame_lock);
	if (pfn || !cache.nr)
		return pfn;
	cache_drain(cache.nr);
	spin_lock(&frame_lock);
	pfn = buddy_take(order);
	spin_unlock(&frame_lock);
	return pfn;
}

struct frame *frame_alloc(unsigned int order, enum frame_purpose purpose)
{
	pfn_t pfn;

	if (should_fail(FAIL_FRAME))
		return NULL;
	if (unlikely(order)) {
		if (order > MAX_ORDER || !(pfn = take_block(order)))
			return NULL;
		return hand_out(pfn, order, purpose);
	}
	if (unlikely(!cache.nr)) {
		cache_refill();
		if (!cache.nr)
			return NULL;
	}
	return hand_out(cache.pfn[--cache.nr], 0, purpose);
}

struct frame *frame_alloc_zeroed(enum frame_purpose purpose)
{
	struct frame *frame = frame_alloc(0, purpose);

	if (frame)
		page_zero(frame_to_virt(frame));
	return frame;
}

void frame_free(struct frame *frame)
{
	unsigned int order = frame->order;

	frame->refs = 0;
	ledger.frames[frame->purpose] -= 1UL << order;
	ledger.frames[FRAME_FREE] += 1UL << order;
	if (unlikely(order)) {
		spin_lock(&frame_lock);
		buddy_give(frame_to_pfn(frame), order);
		spin_unlock(&frame_lock);
		return;
	}
	if (unlikely(cache.nr == CACHE_FRAMES))
		cache_drain(CACHE_BATCH);
	cache_push(frame_to_pfn(frame));
}

void frame_put(struct frame *frame)
{
	if (__atomic_sub_fetch(&frame->refs, 1, __ATOMIC_ACQ_REL) == 0)
		frame_free(frame);
}

void frame_split(struct frame *block)
{
	const struct frame single = {
		.refs = block->refs,
		.purpose = block->purpose,
	};
	size_t nr = 1UL << block->order;

	for (size_t i = 0; i < nr; i++)
		block[i] = single;
}

void frame_join(struct frame *first, unsigned int order)
{
	KASSERT((frame_to_pfn(first) & ((1UL << order) - 1)) == 0);
	first->order = (uint8_t)order;
	/* What lies behind the head looks as it does in any other block. */
	for (size_t i = 1; i < 1UL << order; i++) {
		first[i].refs = 0;
		first[i].flags = 0;
	}
}

void frame_set_purpose(struct frame *frame, enum frame_purpose purpose)
{
	uint64_t frames = 1UL << frame->order;

	ledger.frames[frame->purpose] -= frames;
	ledger.frames[purpose] += frames;
	frame->purpose = (uint8_t)purpose;
}

void frame_count_free(uint64_t counts[NR_ORDERS])
{
	spin_lock(&frame_lock);
	for (unsigned int order = 0; order < NR_ORDERS; order++)
		counts[order] = free_blocks[order];
	spin_unlock(&frame_lock);
	counts[0] += cache.nr;
}

void frame_fail_after(uint64_t after, uint64_t count)
{
	fail_skip = after;
	fail_count = count;
	fail_hook = count ? fails_as_told : NULL;
}

/* ---- start-up ---- */

/*
 * Metadata exists for whole blocks of the largest order, so that a buddy's head
 * can be looked at without asking whether there is RAM.
 */
static void map_metadata(pfn_t start, pfn_t end)
{
	vaddr_t from, to;

	start &= ~((1UL << MAX_ORDER) - 1);
	end = (end + (1UL << MAX_ORDER) - 1) & ~((1UL << MAX_ORDER) - 1);
	from = (vaddr_t)pfn_to_frame(start);
	to = (vaddr_t)pfn_to_frame(end);
	arch_early_map(from, to - from);
	/* All zero is: a hole, no references, in no list. */
	for (vaddr_t page = from; page < to; page += PAGE_SIZE)
		page_zero((void *)page);
}

/* Frames that were taken before the allocator existed: one block each. */
static void enter_taken(const struct early_taken *range)
{
	pfn_t end = range->end >> PAGE_SHIFT;

	for (pfn_t pfn = range->start >> PAGE_SHIFT; pfn < end; pfn++) {
		struct frame *frame = pfn_to_frame(pfn);

		frame->refs = 1;
		frame->purpose = (uint8_t)range->purpose;
	}
}

/* Give [start, end) to the free lists in the largest aligned blocks. */
static void enter_free(pfn_t start, pfn_t end)
{
	while (start < end) {
		unsigned int order = MAX_ORDER;

		while (start & ((1UL << order) - 1) ||
		       start + (1UL << order) > end)
			order--;
		buddy_give(start, order);
		start += 1UL << order;
	}
}

void frame_init(void)
{
	size_t nr;
	const struct early_range *range = early_ram(&nr);
	const struct early_taken *taken;

	for (size_t i = 0; i < nr; i++)
		map_metadata(range[i].start >> PAGE_SHIFT,
			     range[i].end >> PAGE_SHIFT);
	taken = early_taken(&nr);
	for (size_t i = 0; i < nr; i++)
		enter_taken(&taken[i]);
	range = early_ranges(&nr);
	for (size_t i = 0; i < nr; i++) {
		pfn_t start = range[i].start >> PAGE_SHIFT;
		pfn_t end = range[i].end >> PAGE_SHIFT;

		enter_free(start, end);
		ledger.frames[FRAME_FREE] += end - start;
	}
}

void frame_release_early(paddr_t start, paddr_t end)
{
	for (paddr_t pa = start; pa < end; pa += PAGE_SIZE)
		frame_put(phys_to_frame(pa));
}

/* ---- validation ---- */

/* Check the block at @pfn, add it to @frames, and return its length. */
static uint64_t validate_block(pfn_t pfn, uint64_t frames[NR_FRAME_PURPOSES])
{
	const struct frame *frame = pfn_to_frame(pfn);
	unsigned int order = frame->order;

	KASSERT(order <= MAX_ORDER);
	KASSERT((pfn & ((1UL << order) - 1)) == 0);
	KASSERT(frame->purpose > FRAME_HOLE);
	KASSERT(frame->purpose < NR_FRAME_PURPOSES);
	KASSERT((frame->purpose == FRAME_FREE) == (frame->refs == 0));
	if (frame->flags & FRAME_FLAG_BUDDY) {
		KASSERT(frame->purpose == FRAME_FREE);
		KASSERT(!frame->next ||
			pfn_to_frame(frame->next)->prev == pfn);
		KASSERT(order == MAX_ORDER ||
			!is_free_block(buddy_of(pfn, order), order));
	}
	frames[frame->purpose] += 1UL << order;
	return 1UL << order;
}

void frame_validate(void)
{
	uint64_t frames[NR_FRAME_PURPOSES] = { 0 };
	uint64_t free_frames = cache.nr;
	size_t nr;
	const struct early_range *ram = early_ram(&nr);

	for (size_t i = 0; i < nr; i++) {
		pfn_t end = ram[i].end >> PAGE_SHIFT;
		pfn_t pfn = ram[i].start >> PAGE_SHIFT;

		while (pfn < end)
			pfn += validate_block(pfn, frames);
		KASSERT(pfn == end);
	}
	for (unsigned int order = 0; order < NR_ORDERS; order++)
		free_frames += free_blocks[order] << order;
	KASSERT(free_frames == ledger.frames[FRAME_FREE]);
	for (int purpose = FRAME_FREE; purpose < NR_FRAME_PURPOSES; purpose++)
		KASSERT(frames[purpose] == ledger.frames[purpose]);
	KASSERT(ledger_balanced());
}
