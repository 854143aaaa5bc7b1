/*
 * What the files of swap share: the areas and the lock over all their maps.
 */
#pragma once

#include "lock.h"
#include "swap.h"
#include "swap_map.h"

struct block_device;
struct file;

#define SWAP_PATH_BYTES 64

struct swap_area {
	unsigned int nr;             /* constant: the area's part of a swap_t */
	struct swap_map map;         /* swap_lock */
	struct file *file;           /* constant: the device is open */
	struct block_device *device; /* constant */
	int priority;                /* constant: the highest is filled first */
	uint64_t turn;               /* swap_lock: equals take turns */
	bool closing;                /* swap_lock: takes no pages any more */
	char path[SWAP_PATH_BYTES];  /* constant */
};

/* swap_lock, and swap_on_lock to change: NULL: no such area. */
extern struct swap_area *swap_areas[SWAP_AREAS_MAX];

/*
 * Rank 7: every slot map, the ring of the swap cache, and which frames
 * are FRAME_SWAP. Not taken by interrupts.
 */
extern struct spinlock swap_lock;

/* Rank 0: one swapon or swapoff at a time. */
extern struct mutex swap_on_lock;

static inline swap_t swap_entry(const struct swap_area *area, uint32_t slot)
{
	return (swap_t)area->nr << 32 | slot;
}

static inline uint32_t swap_slot(swap_t entry)
{
	return (uint32_t)entry;
}

/* The area of an entry that has a user or a frame. */
static inline struct swap_area *swap_area_of(swap_t entry)
{
	return swap_areas[entry >> 32];
}

/* A slot for @frame on the area whose turn it is; 0: none. Under swap_lock. */
swap_t swap_take_locked(const struct frame *frame);

/* Whether more than half of swap is used: then no slot is kept for a copy. */
bool swap_is_scarce_locked(void);

/* Take @frame, to which the caller has a reference too, out of the cache. */
void swap_cache_remove_locked(struct frame *frame);

/* Free @area, which nobody can find any more. */
void swap_area_destroy(struct swap_area *area);
