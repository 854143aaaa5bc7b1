/*
 * What the two halves of the swap cache share: swap_cache.c, which knows what is in
 * it and reads, and swap_write.c, which writes and gives up.
 */
#pragma once

#include "block.h"
#include "frame_ring.h"
#include "sched.h"
#include "swap_area.h"

/* Whoever waits for a frame to be read or written waits here. */
extern struct wait_queue swap_io_done;

/* swap_lock: the frames of the cache, but those that are being read. */
extern struct frame_ring swap_ring;

static inline struct swap_map *swap_map_of(swap_t entry)
{
	return &swap_area_of(entry)->map;
}

/* Where the disk of @entry has its page. */
static inline uint64_t swap_sector(swap_t entry)
{
	const struct swap_area *area = swap_area_of(entry);

	return (uint64_t)swap_slot(entry) *
	       (PAGE_SIZE / area->device->sector_bytes);
}

static inline bool swap_is_busy(const struct frame *frame)
{
	return frame_flag_test(frame, FRAME_FLAG_READING | FRAME_FLAG_WRITING);
}

/* How many users the slot of @frame has. Under swap_lock, as the others. */
static inline unsigned int swap_users_locked(const struct frame *frame)
{
	return swap_map_users(swap_map_of(frame->index),
			      swap_slot(frame->index));
}

/* The caller's reference is the only one beside the cache's. */
static inline bool swap_is_idle_locked(const struct frame *frame)
{
	return frame->purpose == FRAME_SWAP && !swap_is_busy(frame) &&
	       frame_refs(frame) == 2;
}

/* The slot @entry knows @frame already; the cache gets a reference of its own. */
void swap_cache_enter_locked(struct frame *frame, swap_t entry, uint16_t flags);
