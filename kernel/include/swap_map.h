/*
 * The slots of one swap area: which are in use, by how many, and which of them
 * have their page in memory too.
 *
 * Logic only: the owner locks, and no disk is touched. A slot has room for one
 * page. Each page-table entry or file that names it is one user. The frame that
 * holds the same page, if there is one, is the swap cache's:
 *
 *	users   frame      the slot is
 *	0       none       free
 *	0       a frame    kept, so that a clean page need not be written again
 *	n       none       on disk only
 *	n       a frame    on disk and in memory, or about to be
 *
 * Everything is allocated with the area. Swapping out happens when there is no
 * memory, so it must not need any.
 */
#pragma once

#include "types.h"

struct frame;

#define SWAP_CHUNK_SLOTS 512

/* Slot 0 is the area's header and never handed out. */
struct swap_chunk {
	uint32_t pfn[SWAP_CHUNK_SLOTS];   /* 0: no frame */
	uint16_t users[SWAP_CHUNK_SLOTS]; /* or SWAP_BAD */
	uint16_t nr_free;
};

/*
 * What cannot be written to. A page has fewer users than this: each address
 * space names it at one place at most, and there are no more of those than pids.
 */
#define SWAP_BAD UINT16_MAX

struct swap_map {
	struct swap_chunk **chunk;
	uint32_t nr_slots; /* the header included */
	uint32_t nr_good;  /* that can be used */
	uint32_t nr_used;  /* of those: not free */
	uint32_t hand;     /* where the last slot was handed out */
	uint32_t nr_empty_chunks; /* wholly free */
};

/* @nr_slots at least 2, all free but the header. 0 or -ENOMEM. */
int swap_map_create(struct swap_map *map, uint32_t nr_slots);
void swap_map_destroy(struct swap_map *map);

/* @slot is bad; before the first swap_map_take(). -EINVAL: no such slot. */
int swap_map_set_bad(struct swap_map *map, uint32_t slot);

/*
 * Take a free slot for the page in @frame; it has no user yet. 0: all are taken.
 * Slots follow each other as long as they can, so that pages that went out
 * together are written, and read, in one go.
 */
uint32_t swap_map_take(struct swap_map *map, const struct frame *frame);

/* One more user of @slot, which is in use. */
void swap_map_get(struct swap_map *map, uint32_t slot);

/* One less. Returns how many are left; with 0 and no frame the slot is free. */
unsigned int swap_map_put(struct swap_map *map, uint32_t slot);

/* Users of @slot. */
unsigned int swap_map_users(const struct swap_map *map, uint32_t slot);

/* Whether @slot names a page: it exists, is not bad, and has users or a frame. */
bool swap_map_in_use(const struct swap_map *map, uint32_t slot);

/* The frame that holds the page of @slot, or NULL. */
struct frame *swap_map_frame(const struct swap_map *map, uint32_t slot);

/* Enter @frame for @slot, which has none; NULL: take out the one it has. */
void swap_map_set_frame(struct swap_map *map, uint32_t slot,
			const struct frame *frame);

/* The first slot from @slot on that is in use; 0: there is none. */
uint32_t swap_map_next_used(const struct swap_map *map, uint32_t slot);

/* Check every count; panics on a wrong one. Returns the sum of all users. */
uint64_t swap_map_validate(const struct swap_map *map);
