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
 * A page was touched and no frame was left for it. Give frames back: of the
 * caches, then of what programs have mapped and have not used lately, which goes
 * to swap. How many; 0: there is nothing left to give. Takes mm->locks and sleeps.
 */
size_t reclaim_frames(void);

/*
 * Memory is low, though this task got what it needed: give a few frames back, so
 * that the kernel's own needs, which cannot wait, are met. As reclaim_frames(),
 * but without much effort.
 */
void reclaim_ahead(void);

/*
 * frame_alloc(0, @purpose) for who can wait: NULL only when nothing is left to be
 * given back. No lock of rank 1 or more may be held.
 */
struct frame *frame_alloc_waiting(enum frame_purpose purpose);

/*
 * The kernel is about to need @frames: see to it that so many are free, and the
 * reserve beside them, if that can be had. Likewise.
 */
void reclaim_reserve(uint64_t frames);
