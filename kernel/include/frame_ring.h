/*
 * A ring of frames with a clock hand, linked by their next and prev.
 *
 * Reclaim goes around it to find what to give up: a frame that was used since
 * the last round loses its mark and stays, one that was not may go. Against a
 * list in order of use that saves moving a frame at each use. Logic only: the
 * owner of the ring locks.
 */
#pragma once

#include "frame.h"

struct frame_ring {
	uint32_t hand; /* a frame number; 0: the ring is empty */
	size_t nr;
};

/* Enter @frame just behind the hand: it will come here last. */
void frame_ring_insert(struct frame_ring *ring, struct frame *frame);

/* Take @frame out of the ring that it is in. */
void frame_ring_remove(struct frame_ring *ring, struct frame *frame);

/* The frame at the hand, which moves on; NULL: the ring is empty. */
struct frame *frame_ring_advance(struct frame_ring *ring);
