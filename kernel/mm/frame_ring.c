/*
 * A ring of frames with a clock hand: see frame_ring.h.
 */
#include "frame_ring.h"

void frame_ring_insert(struct frame_ring *ring, struct frame *frame)
{
	uint32_t pfn = (uint32_t)frame_to_pfn(frame);

	if (!ring->hand) {
		frame->next = frame->prev = ring->hand = pfn;
	} else {
		struct frame *hand = pfn_to_frame(ring->hand);

		frame->next = ring->hand;
		frame->prev = hand->prev;
		pfn_to_frame(hand->prev)->next = pfn;
		hand->prev = pfn;
	}
	ring->nr++;
}

void frame_ring_remove(struct frame_ring *ring, struct frame *frame)
{
	uint32_t pfn = (uint32_t)frame_to_pfn(frame);

	pfn_to_frame(frame->prev)->next = frame->next;
	pfn_to_frame(frame->next)->prev = frame->prev;
	if (ring->hand == pfn)
		ring->hand = frame->next == pfn ? 0 : frame->next;
	ring->nr--;
}

struct frame *frame_ring_advance(struct frame_ring *ring)
{
	struct frame *frame;

	if (!ring->hand)
		return NULL;
	frame = pfn_to_frame(ring->hand);
	ring->hand = frame->next;
	return frame;
}
