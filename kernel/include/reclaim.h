/*
 * Reclaim: getting frames back before anybody has to die for them.
 */
#pragma once

#include "frame.h"
#include "types.h"

/* Below this many free frames memory is low: 1/128 of RAM, as a reserve. */
extern uint64_t min_free_frames;

static inline bool memory_is_low(void)
{
	return ledger.frames[FRAME_FREE] < min_free_frames;
}

/* Set the reserve; once, after frame_init(). */
void reclaim_init(void);

/*
 * A page was touched and no frame was left for it. Give frames of the page cache
 * back: those that nobody has mapped, and then those that programs have mapped
 * but not used lately. How many; 0: there is nothing left to give. Takes
 * tasklist_lock and mm->lock, and sleeps.
 */
size_t reclaim_frames(void);

/*
 * Memory is low, though this task got what it needed: give a few frames back
 * that are easy to have, so that the kernel's own needs, which cannot wait, are
 * met. No lock may be held.
 */
void reclaim_ahead(void);
