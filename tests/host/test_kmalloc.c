/*
 * kmalloc hands out no byte twice, aligns, and gives every frame back once the
 * last object in it is freed. If it did not, a program that exits would leave
 * kernel memory behind, and the ledger would never be equal again.
 */
// build: tests/host/support/host.c tests/host/support/host_frames.c kernel/mm/kmalloc.c kernel/mm/frame.c kernel/mm/early.c kernel/mm/ledger.c kernel/mm/range_list.c -Itests/host/support
#include <string.h>

#include "frame.h"
#include "host.h"
#include "kmalloc.h"

#define MAX_HELD 3000

struct held {
	unsigned char *ptr;
	size_t size;
	unsigned char pattern;
};

static struct held held[MAX_HELD];
static size_t nr_held;

static size_t random_size(void)
{
	switch (host_below(8)) {
	case 0:
		return host_below(20000);
	case 1:
		return 2000 + host_below(100);
	default:
		return host_below(600);
	}
}

static void alloc_one(void)
{
	struct held h = { .size = random_size(),
			  .pattern = (unsigned char)host_random() };
	bool zeroed = host_below(2);

	h.ptr = zeroed ? kzalloc(h.size) : kmalloc(h.size);
	if (!h.ptr)
		return;
	CHECK_EQ((uintptr_t)h.ptr % 16, 0);
	CHECK(kmalloc_size(h.ptr) >= h.size);
	for (size_t i = 0; zeroed && i < h.size; i++)
		CHECK_EQ(h.ptr[i], 0);
	memset(h.ptr, h.pattern, kmalloc_size(h.ptr));
	held[nr_held++] = h;
}

static void free_one(void)
{
	size_t i = host_below(nr_held);
	struct held h = held[i];

	for (size_t k = 0; k < kmalloc_size(h.ptr); k++)
		CHECK_EQ(h.ptr[k], h.pattern);
	kfree(h.ptr);
	held[i] = held[--nr_held];
}

static void test_churn(void)
{
	for (int step = 0; step < 60000 && !host_failures; step++) {
		bool fill = (step / 7000) % 2 == 0;

		if (!nr_held ||
		    (nr_held < MAX_HELD && host_below(100) < (fill ? 60u : 40u)))
			alloc_one();
		else
			free_one();
	}
	while (nr_held)
		free_one();
	CHECK_EQ(ledger.frames[FRAME_KHEAP], 0);
	frame_validate();
	host_report("kmalloc_churn_returns_every_frame");
}

static void test_edges(void)
{
	void *p;

	kfree(NULL);
	CHECK(!kmalloc(KMALLOC_MAX_BYTES + 1));
	CHECK(!kmalloc(SIZE_MAX));
	p = kmalloc(0);
	CHECK(p);
	kfree(p);
	for (size_t size = 32; size <= 2048; size *= 2) {
		p = kmalloc(size);
		CHECK_EQ((uintptr_t)p % size, 0);
		kfree(p);
	}
	host_report("kmalloc_edge_sizes");
}

/* A full slab that loses an object serves the next request from it. */
static void test_reuse(void)
{
	uint64_t frames;
	void *hole;

	for (nr_held = 0; nr_held < 100; nr_held++)
		held[nr_held].ptr = kmalloc(512);
	frames = ledger.frames[FRAME_KHEAP];
	hole = held[3].ptr;
	kfree(hole);
	kfree(held[50].ptr);
	held[50].ptr = kmalloc(512);
	held[3].ptr = kmalloc(512);
	CHECK(held[50].ptr == hole || held[3].ptr == hole);
	CHECK_EQ(ledger.frames[FRAME_KHEAP], frames);
	while (nr_held)
		kfree(held[--nr_held].ptr);
	CHECK_EQ(ledger.frames[FRAME_KHEAP], 0);
	host_report("kmalloc_full_slab_is_used_again");
}

static void test_no_memory(void)
{
	size_t nr = 0;
	void *first;

	frame_fail_after(0, 1);
	CHECK(!kmalloc(100));
	CHECK(kmalloc_size(first = kmalloc(100)) >= 100);
	frame_fail_after(0, UINT64_MAX);
	while (nr < MAX_HELD && (held[nr].ptr = kmalloc(100)))
		nr++;
	/* What was left of the first object's frame, and no more. */
	CHECK_EQ(nr, PAGE_SIZE / kmalloc_size(first) - 1);
	frame_fail_after(0, 0);
	while (nr)
		kfree(held[--nr].ptr);
	kfree(first);
	CHECK_EQ(ledger.frames[FRAME_KHEAP], 0);
	host_report("kmalloc_no_frame_returns_null");
}

int main(void)
{
	host_seed();
	host_frames_init(1UL << 20);
	frame_init();
	kmalloc_init();
	test_edges();
	test_reuse();
	test_no_memory();
	test_churn();
	return host_status();
}
