/*
 * Memory before the buddy allocator exists.
 *
 * The boot loader's map becomes a short sorted list of free ranges. What must
 * not be handed out (the kernel image, the initramfs) is reserved; what start-up
 * needs (page tables, frame metadata) is taken from it. What is left when
 * frame_init() runs goes to the buddy allocator. Both are entered in the ledger,
 * so that its equation holds from the first frame on.
 */
#pragma once

#include "ledger.h"
#include "range_list.h"
#include "types.h"

#define EARLY_MAX_RANGES RANGE_LIST_MAX

struct early_taken {
	paddr_t start, end; /* page aligned, half-open */
	enum frame_purpose purpose;
};

/* Add the usable RAM [start, end), whole pages; sorted order is not needed. */
void early_add(paddr_t start, paddr_t end);

/*
 * Take the pages that [start, end) touches out of the free ranges and enter
 * those that were RAM under @purpose. Parts that are not RAM are ignored.
 */
void early_reserve(paddr_t start, paddr_t end, enum frame_purpose purpose);

/*
 * Take @bytes, rounded up to pages, aligned to @align (a power of two, at least
 * PAGE_SIZE), below @limit. The memory is not cleared. Panics if there is none.
 */
paddr_t early_alloc(size_t bytes, size_t align, paddr_t limit,
		    enum frame_purpose purpose);

/* The free ranges that are left, sorted; for frame_init(). */
const struct early_range *early_ranges(size_t *nr);

/* Every range that was RAM at the start, sorted and merged; never changes. */
const struct early_range *early_ram(size_t *nr);

/* Every range that was reserved or allocated, with its purpose. */
const struct early_taken *early_taken(size_t *nr);
