/*
 * Swap: pages of programs on disks.
 *
 * A swap_t names a page on a swap area, its slot. A page-table entry that holds
 * one (pte_is_swap()), or a file that does, is a user of the slot. The swap cache
 * is what pages of slots are in memory too, so that
 *
 *	- a page that several programs share is read once,
 *	- a page that was read and not written since may go again without a write,
 *	- a page on its way to the disk can still be had.
 *
 * A frame of the cache is FRAME_SWAP, and one of its references is the cache's. While
 * it is there no entry lets anybody write to it, so it does not differ from the
 * disk, unless FRAME_FLAG_DIRTY says that it never got there.
 *
 *	resident --swap_out--> cached, dirty --write--> cached --drop--> on disk
 *	    ^                      |                      |                |
 *	    +------- swap_in ------+----------------------+----------------+
 */
#pragma once

#include "frame.h"
#include "types.h"

#define SWAP_AREAS_MAX 16

/* Flags of swapon(2). */
#define SWAP_FLAG_PREFER 0x8000
#define SWAP_FLAG_PRIO_MASK 0x7fff
#define SWAP_FLAG_DISCARD 0x10000
#define SWAP_FLAG_DISCARD_ONCE 0x20000
#define SWAP_FLAG_DISCARD_PAGES 0x40000
#define SWAP_FLAGS_VALID 0x7ffff

/* ---- swap_on.c ---- */

/* Swap to every disk that mkswap has prepared; once, when /dev is complete. */
void swap_init(void);

/*
 * Start to use the block device at @path. @flags is as for swapon(2). -EINVAL:
 * unknown flags, not a block device, or not what mkswap writes; -EBUSY: in use
 * already; -EPERM: too many; -ENOMEM, -EIO and the errors of open(2).
 */
int swap_on(const char *path, int flags);

/* ---- swap_area.c: areas, and the users of slots ---- */

/* Pages that all areas have room for, and how many of those are free. */
uint64_t swap_total_pages(void);
uint64_t swap_free_pages(void);

/* One area, for those who list them. */
struct swap_info {
	const char *path;
	uint64_t pages, used;
	int priority;
};

/* The area of number @i, if there is one. */
bool swap_area_info(unsigned int i, struct swap_info *info);

/* One more user of @entry. */
void swap_get(swap_t entry);

/* One less. The last one frees the slot, and the frame if nobody has it mapped. */
void swap_put(swap_t entry);

/*
 * Whether a page that came back from @entry shall keep its slot while it is not
 * written to: yes, as long as there are plenty of them.
 */
bool swap_keeps(swap_t entry);

/* How many users @entry has. */
unsigned int swap_users(swap_t entry);

/* Check all counts; panics on a wrong one. Returns the sum of all users. */
uint64_t swap_validate(void);

/* ---- swap_cache.c, swap_write.c: frames ---- */

/* Pages moved since boot: pswpin, pswpout. */
uint64_t swap_nr_in(void), swap_nr_out(void);

/* How many pages are read at a time, as a power of two: /proc/sys/vm/page-cluster. */
#define SWAP_CLUSTER_MAX_SHIFT 5
extern int swap_cluster_shift;

/*
 * The page of @entry, with a reference for the caller. *@from_disk: it had to be
 * read. 0; -ENOMEM: no frame; -EIO: the disk could not read it. Sleeps.
 */
int swap_in(swap_t entry, struct frame **frame, bool *from_disk);

/*
 * The same for a file, which is the only user of @entry: the frame leaves the
 * cache, the slot is free, and the reference is the only one there is.
 */
int swap_take_back(swap_t entry, struct frame **frame, bool *from_disk);

/* Whether the page of @entry is in memory. */
bool swap_in_memory(swap_t entry);

/*
 * Prepare to take @frame from somebody who has it mapped, or from its file: the
 * entry that goes into the table or tree instead, counted as its user. The caller
 * keeps its reference, flushes TLBs, and gives it to swap_write(). 0: swap is
 * full, or there is none.
 */
swap_t swap_out(struct frame *frame);

/*
 * Write those of @frames that nobody has mapped any more to their slots and free
 * them; take over one reference to each. @nr is SWAP_BATCH_FRAMES at most. Returns
 * how many were freed. What could not be written stays in the cache. Sleeps.
 */
#define SWAP_BATCH_FRAMES 32
size_t swap_write(struct frame **frames, size_t nr);

/*
 * The caller has the only mapping of @frame, if nobody else has one, and wants to
 * write: take it out of the cache. False: others need the page as it is.
 */
bool swap_try_own(struct frame *frame);

/*
 * Drop a reference to a frame that may be in the cache. If it was the last one
 * but the cache's, and the slot has no users, the frame goes.
 */
void swap_cache_put(struct frame *frame);

/*
 * Whether who has mapped @frame may write to it: it is an anonymous page that
 * nobody else has. A copy on the swap disk is given up for it.
 */
static inline bool anon_frame_is_own(struct frame *frame)
{
	return (frame->purpose == FRAME_ANON && frame_refs(frame) == 1) ||
	       (frame->purpose == FRAME_SWAP && swap_try_own(frame));
}

/* frame_put() for who has unmapped @frame. */
static inline void mapped_frame_put(struct frame *frame)
{
	if (unlikely(frame->purpose == FRAME_SWAP))
		swap_cache_put(frame);
	else
		frame_put(frame);
}

/*
 * Free up to @target frames of the cache that nobody has mapped, after a look at
 * @scan of them at most. Writes where that is necessary. Returns how many.
 */
size_t swap_cache_shrink(size_t target, size_t scan);

/* Wait until a write that is on its way has ended. False: there is none. */
bool swap_wait_for_write(void);

/* ---- swap_off.c ---- */

/*
 * Bring everything back from the area at @path and stop using it. -EINVAL: there
 * is none; -ENOMEM: not enough memory for all of it; -EINTR, -EIO. After a failure
 * it is in use as before.
 */
int swap_off(const char *path);

/* ---- system calls ---- */
long sys_swapon(vaddr_t path, int flags);
long sys_swapoff(vaddr_t path);
