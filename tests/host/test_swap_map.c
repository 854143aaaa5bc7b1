/*
 * The slots of a swap area against a model: no page is given a slot that somebody
 * else uses, none is lost, a bad one is never handed out, a slot is free when its
 * last user and its frame are gone and not before, and pages that go out one
 * after the other lie side by side. Otherwise programs would find each other's
 * pages when theirs come back.
 */
// build: tests/host/support/host.c tests/host/support/host_frames.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c kernel/mm/swap_map.c -Itests/host/support
#include <stdlib.h>
#include <string.h>

#include <uapi/errno.h>

#include "frame.h"
#include "host.h"
#include "kmalloc.h"
#include "swap_map.h"

#define NR_STEPS 200000
#define MAX_SLOTS 3000
#define NR_FRAMES 64

/* ---- the kernel around the code under test ---- */

static long nr_allocated, fail_at = -1;

void *kzalloc(size_t size)
{
	if (fail_at >= 0 && fail_at-- == 0)
		return NULL;
	nr_allocated++;
	return calloc(1, size);
}

void kfree(void *ptr)
{
	nr_allocated -= ptr != NULL;
	free(ptr);
}

/* ---- the model ---- */

struct model_slot {
	bool bad;
	unsigned int users;
	struct frame *frame;
};

static struct model_slot model[MAX_SLOTS];
static uint32_t nr_slots;
static struct swap_map map;
static struct frame *frames[NR_FRAMES];

static bool model_used(uint32_t slot)
{
	return !model[slot].bad && (model[slot].users || model[slot].frame);
}

static uint32_t model_count(void)
{
	uint32_t nr = 0;

	for (uint32_t slot = 1; slot < nr_slots; slot++)
		nr += model_used(slot);
	return nr;
}

static uint32_t some_used_slot(void)
{
	return swap_map_next_used(&map, (uint32_t)host_below(nr_slots));
}

static struct frame *some_frame(void)
{
	return frames[host_below(NR_FRAMES)];
}

/* ---- steps ---- */

static void step_take(void)
{
	struct frame *frame = some_frame();
	uint32_t slot = swap_map_take(&map, frame);

	if (!slot) {
		CHECK_EQ(model_count(), map.nr_good);
		return;
	}
	CHECK(slot < nr_slots && !model[slot].bad && !model_used(slot));
	model[slot].frame = frame;
}

static void step_get(void)
{
	uint32_t slot = some_used_slot();

	if (!slot)
		return;
	swap_map_get(&map, slot);
	model[slot].users++;
}

static void step_put(void)
{
	uint32_t slot = some_used_slot();

	if (!slot || !model[slot].users)
		return;
	model[slot].users--;
	CHECK_EQ(swap_map_put(&map, slot), model[slot].users);
}

/* The page was written, or is read again; the last user may have gone before. */
static void step_frame(void)
{
	uint32_t slot = some_used_slot();

	if (!slot)
		return;
	model[slot].frame = model[slot].frame ? NULL : some_frame();
	swap_map_set_frame(&map, slot, model[slot].frame);
}

static void compare(void)
{
	uint64_t users = 0;

	for (uint32_t slot = 0; slot < nr_slots; slot++) {
		CHECK_EQ(swap_map_in_use(&map, slot), model_used(slot));
		if (!model_used(slot))
			continue;
		users += model[slot].users;
		CHECK_EQ(swap_map_users(&map, slot), model[slot].users);
		CHECK(swap_map_frame(&map, slot) == model[slot].frame);
	}
	CHECK_EQ(swap_map_validate(&map), users);
	CHECK_EQ(map.nr_used, model_count());
}

/* ---- tests ---- */

static void start(uint32_t slots, uint32_t nr_bad)
{
	memset(model, 0, sizeof(model));
	nr_slots = slots;
	model[0].bad = true;
	CHECK_EQ(swap_map_create(&map, slots), 0);
	for (uint32_t i = 0; i < nr_bad; i++) {
		uint32_t slot = 1 + (uint32_t)host_below(slots - 1);

		CHECK_EQ(swap_map_set_bad(&map, slot), 0);
		model[slot].bad = true;
	}
	compare();
}

/* The mix changes now and then, so that areas run full and empty. */
static void random_steps(uint32_t slots, uint32_t nr_bad)
{
	unsigned int takes = 5;

	start(slots, nr_bad);
	for (int i = 0; i < NR_STEPS / 4; i++) {
		uint64_t what = host_below(10);

		if (i % 5000 == 0) {
			takes = 1 + (unsigned int)host_below(6);
			compare();
		}
		if (what < takes)
			step_take();
		else if (what == 6)
			step_get();
		else if (what == 7 || what == 8)
			step_put();
		else
			step_frame();
	}
	compare();
	swap_map_destroy(&map);
	CHECK_EQ(nr_allocated, 0);
}

static void neighbours_get_neighbouring_slots(void)
{
	uint32_t last;

	start(4 * SWAP_CHUNK_SLOTS, 0);
	last = swap_map_take(&map, frames[0]);
	for (uint32_t i = 1; i < SWAP_CHUNK_SLOTS; i++) {
		uint32_t slot = swap_map_take(&map, frames[0]);

		CHECK_EQ(slot, last + 1);
		last = slot;
	}
	swap_map_destroy(&map);
}

/* A hole is only filled when no wholly free chunk is left. */
static void holes_are_filled_last(void)
{
	uint32_t slot, hole;

	start(2 * SWAP_CHUNK_SLOTS, 0);
	for (uint32_t i = 1; i < SWAP_CHUNK_SLOTS; i++)
		slot = swap_map_take(&map, frames[0]);
	CHECK_EQ(slot, SWAP_CHUNK_SLOTS - 1);
	hole = SWAP_CHUNK_SLOTS / 2;
	swap_map_set_frame(&map, hole, NULL);
	for (uint32_t i = 0; i < SWAP_CHUNK_SLOTS; i++)
		CHECK_EQ(swap_map_take(&map, frames[0]), SWAP_CHUNK_SLOTS + i);
	CHECK_EQ(swap_map_take(&map, frames[0]), hole);
	CHECK_EQ(swap_map_take(&map, frames[0]), 0);
	swap_map_destroy(&map);
}

static void bad_slots_are_checked(void)
{
	start(10, 0);
	CHECK_EQ(swap_map_set_bad(&map, 0), -EINVAL);
	CHECK_EQ(swap_map_set_bad(&map, 10), -EINVAL);
	for (uint32_t slot = 1; slot < 10; slot++)
		CHECK_EQ(swap_map_set_bad(&map, slot), 0);
	CHECK_EQ(map.nr_good, 0);
	CHECK_EQ(swap_map_take(&map, frames[0]), 0);
	swap_map_destroy(&map);
}

static void creation_unwinds(void)
{
	uint32_t chunks = 5;

	for (long i = 0; i <= (long)chunks; i++) {
		fail_at = i;
		CHECK_EQ(swap_map_create(&map, chunks * SWAP_CHUNK_SLOTS),
			 -ENOMEM);
		CHECK_EQ(nr_allocated, 0);
	}
	fail_at = -1;
}

int main(void)
{
	host_seed();
	host_frames_init(16UL << 20);
	frame_init();
	for (int i = 0; i < NR_FRAMES; i++)
		frames[i] = frame_alloc(0, FRAME_ANON);

	random_steps(2, 0);
	random_steps(SWAP_CHUNK_SLOTS, 3);
	random_steps(SWAP_CHUNK_SLOTS + 1, 20);
	random_steps(MAX_SLOTS, 100);
	host_report("swap_map_random_steps_match_model");
	neighbours_get_neighbouring_slots();
	host_report("swap_map_neighbours_get_neighbouring_slots");
	holes_are_filled_last();
	host_report("swap_map_holes_are_filled_last");
	bad_slots_are_checked();
	host_report("swap_map_bad_slots_are_checked");
	creation_unwinds();
	host_report("swap_map_creation_unwinds");
	return host_status();
}
