/*
 * The buddy allocator loses no frame, hands none out twice, and joins what
 * belongs together, whatever the order of calls. If it did, one program would
 * see another's memory, or the machine would run dry.
 */
// build: tests/host/support/host.c tests/host/support/host_frames.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c -Itests/host/support
#include <string.h>

#include "early.h"
#include "frame.h"
#include "host.h"

#define RAM_START (1UL << 20) /* not aligned to the largest block */
#define NR_FRAMES (HOST_RAM_BYTES >> PAGE_SHIFT)
#define MAX_HELD 4096

/* The model: who owns each frame; 0: nobody. */
static uint32_t owner_of[NR_FRAMES];

struct held {
	struct frame *frame;
	unsigned int order;
	enum frame_purpose purpose;
};

static struct held held[MAX_HELD];
static size_t nr_held;

static size_t model_index(const struct frame *frame)
{
	return (frame_to_phys(frame) - RAM_START) >> PAGE_SHIFT;
}

/* Enter or clear @owner for a block; every frame must have had @before. */
static void model_set(const struct held *h, uint32_t before, uint32_t owner)
{
	size_t first = model_index(h->frame);

	for (size_t i = first; i < first + (1UL << h->order); i++) {
		CHECK_EQ(owner_of[i], before);
		owner_of[i] = owner;
	}
}

static void alloc_one(void)
{
	struct held h = {
		.order = host_below(4) ? 0 : (unsigned int)host_below(NR_ORDERS),
		.purpose = host_below(2) ? FRAME_ANON : FRAME_FILE,
	};

	h.frame = frame_alloc(h.order, h.purpose);
	if (!h.frame)
		return;
	CHECK_EQ(frame_to_pfn(h.frame) & ((1UL << h.order) - 1), 0);
	CHECK_EQ(h.frame->refs, 1);
	model_set(&h, 0, (uint32_t)(nr_held + 1));
	held[nr_held++] = h;
}

static void free_one(void)
{
	size_t i = host_below(nr_held);
	struct held h = held[i];

	model_set(&h, owner_of[model_index(h.frame)], 0);
	held[i] = held[--nr_held];
	frame_get(h.frame);
	frame_put(h.frame);
	CHECK_EQ(h.frame->refs, 1);
	frame_put(h.frame);
}

static void test_random_churn(void)
{
	uint64_t start_free = ledger.frames[FRAME_FREE];

	for (int step = 0; step < 200000; step++) {
		bool grow = nr_held == 0 || (nr_held < MAX_HELD &&
					     host_below(1000) <
						     (step / 20000 % 2 ? 350
								       : 650));
		if (grow)
			alloc_one();
		else
			free_one();
		if (step % 5000 == 0)
			frame_validate();
	}
	while (nr_held)
		free_one();
	frame_validate();
	CHECK_EQ(ledger.frames[FRAME_FREE], start_free);
	host_report("frame_random_churn_loses_nothing");
}

/* Everything freed must have become the largest blocks again. */
static void test_coalesce(void)
{
	uint64_t counts[NR_ORDERS];
	uint64_t frames = 0;
	struct frame *block;

	for (block = frame_alloc(0, FRAME_ANON); block && nr_held < MAX_HELD;
	     block = frame_alloc(0, FRAME_ANON))
		held[nr_held++].frame = block;
	if (block)
		frame_put(block);
	while (nr_held)
		frame_put(held[--nr_held].frame);
	/* A request that only the cache's frames can complete drains it. */
	while ((block = frame_alloc(MAX_ORDER, FRAME_ANON)))
		held[nr_held++].frame = block;
	CHECK_EQ(nr_held, NR_FRAMES / 1024 - 1); /* the start is not aligned */
	while (nr_held)
		frame_put(held[--nr_held].frame);
	frame_count_free(counts);
	for (unsigned int order = 0; order < NR_ORDERS; order++)
		frames += counts[order] << order;
	CHECK_EQ(frames, ledger.frames[FRAME_FREE]);
	CHECK_EQ(counts[MAX_ORDER], NR_FRAMES / 1024 - 1);
	frame_validate();
	host_report("frame_free_all_coalesces");
}

static void test_exhaustion(void)
{
	size_t nr = 0;
	uint32_t last = 0;
	struct frame *frame;

	while ((frame = frame_alloc(0, FRAME_ANON))) {
		frame->next = last;
		last = (uint32_t)frame_to_pfn(frame);
		nr++;
	}
	CHECK_EQ(ledger.frames[FRAME_FREE], 0);
	CHECK_EQ(ledger.frames[FRAME_ANON], nr);
	CHECK(!frame_alloc(3, FRAME_ANON));
	frame_validate();
	while (last) {
		frame = pfn_to_frame(last);
		last = frame->next;
		frame_free(frame);
	}
	CHECK_EQ(ledger.frames[FRAME_ANON], 0);
	frame_validate();
	host_report("frame_alloc_exhausted_returns_null");
}

static void test_injection(void)
{
	struct frame *a, *b, *c;

	frame_fail_after(1, 2);
	a = frame_alloc(0, FRAME_ANON);
	b = frame_alloc(0, FRAME_ANON);
	c = frame_alloc(2, FRAME_ANON);
	CHECK(a && !b && !c);
	b = frame_alloc(0, FRAME_ANON);
	CHECK(b);
	frame_put(a);
	frame_put(b);
	host_report("frame_fail_after_fails_the_nth");
}

static void test_purpose(void)
{
	struct frame *frame = frame_alloc(2, FRAME_ANON);

	CHECK_EQ(ledger.frames[FRAME_ANON], 4);
	frame_set_purpose(frame, FRAME_FILE);
	CHECK_EQ(ledger.frames[FRAME_ANON], 0);
	CHECK_EQ(ledger.frames[FRAME_FILE], 4);
	frame_put(frame);
	CHECK(ledger_balanced());
	host_report("frame_set_purpose_moves_ledger");
}

/* A block in pieces and in one again, freed either way; smaller ones from it. */
static void test_split_and_join(void)
{
	uint64_t start_free = ledger.frames[FRAME_FREE];
	struct frame *block, *small;

	for (int round = 0; round < 4; round++) {
		block = frame_alloc(9, FRAME_ANON);
		frame_get(block);
		frame_split(block);
		for (size_t i = 0; i < 512; i++) {
			CHECK_EQ(block[i].refs, 2);
			CHECK_EQ(block[i].order, 0);
			CHECK_EQ(block[i].purpose, FRAME_ANON);
			frame_put(block + i);
		}
		frame_validate();
		if (round % 2) {
			frame_join(block, 9);
			CHECK_EQ(block->refs, 1);
			frame_put(block);
		} else {
			for (size_t i = 0; i < 512; i++)
				frame_put(block + i);
		}
		small = frame_alloc(3, FRAME_FILE);
		frame_validate();
		frame_put(small);
		CHECK_EQ(ledger.frames[FRAME_FREE], start_free);
	}
	host_report("frame_split_and_join_are_inverse");
}

int main(void)
{
	host_seed();
	host_frames_init(RAM_START);
	early_reserve(RAM_START + 12345, RAM_START + 99999, FRAME_KERNEL);
	frame_init();
	frame_validate();
	CHECK_EQ(ledger.total, NR_FRAMES);
	CHECK_EQ(ledger.frames[FRAME_KERNEL], 22);
	frame_release_early(RAM_START + 3 * PAGE_SIZE,
			    RAM_START + 25 * PAGE_SIZE);
	CHECK_EQ(ledger.frames[FRAME_FREE], NR_FRAMES);
	frame_validate();
	host_report("frame_init_counts_all_ram");
	test_coalesce();
	test_random_churn();
	test_exhaustion();
	test_injection();
	test_purpose();
	test_split_and_join();
	return host_status();
}
