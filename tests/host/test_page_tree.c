/*
 * The radix tree of a file's pages agrees with a plain array after any sequence
 * of inserts, removals and cuts, also where memory runs out in between, and an
 * empty tree owns none. If it did not, a file would lose a page or show another's.
 */
// build: tests/host/support/host.c kernel/fs/page_tree.c -Itests/host/support
#include <stdlib.h>
#include <string.h>

#include <uapi/errno.h>

#include "host.h"
#include "kmalloc.h"
#include "page_tree.h"

#define NR_PAGES 8192 /* the model's range, three levels high */
#define NR_STEPS 200000
#define KEEP_BIT 2UL /* frames with it refuse to be dropped */

static struct page_tree tree;
static struct frame *model[NR_PAGES];
static uint64_t dropped; /* by the cut that runs */
static int nodes;       /* that the tree has allocated */
static bool no_memory;  /* now and then kzalloc() fails */

void *kzalloc(size_t size)
{
	void *node = no_memory && host_below(3) == 0 ? NULL : calloc(1, size);

	nodes += node != NULL;
	return node;
}

void kfree(void *ptr)
{
	nodes -= ptr != NULL;
	free(ptr);
}

/* Frames are never looked into, so any number will do for one. */
static struct frame *some_frame(void)
{
	return (struct frame *)(host_random() | 1);
}

static void check_all(void)
{
	uint64_t next = PAGE_TREE_END;

	for (uint64_t i = NR_PAGES; i-- > 0;) {
		CHECK(page_tree_find(&tree, i) == model[i]);
		if (model[i])
			next = i;
		CHECK_EQ(page_tree_next(&tree, i), next);
	}
}

static void insert(uint64_t index)
{
	struct frame *frame = some_frame();
	int err;

	if (model[index])
		return;
	err = page_tree_insert(&tree, index, frame);
	CHECK(err == 0 || (no_memory && err == -ENOMEM));
	if (!err)
		model[index] = frame;
	CHECK(page_tree_find(&tree, index) == model[index]);
}

static void remove_page(uint64_t index)
{
	CHECK(page_tree_remove(&tree, index) == model[index]);
	model[index] = NULL;
}

static bool drop_most(struct frame *frame, void *arg)
{
	bool keep = (uintptr_t)frame & KEEP_BIT;

	(void)arg;
	dropped += !keep;
	return !keep;
}

static bool drop_all(struct frame *frame, void *arg)
{
	(void)frame, (void)arg;
	return true;
}

static void cut(uint64_t first, uint64_t end)
{
	uint64_t want = 0;

	for (uint64_t i = first; i < NR_PAGES && i < end; i++) {
		if (!model[i] || (uintptr_t)model[i] & KEEP_BIT)
			continue;
		want++;
		model[i] = NULL;
	}
	dropped = 0;
	page_tree_cut(&tree, first, end, drop_most, NULL);
	CHECK_EQ(dropped, want);
}

static void random_steps_match_model(const char *name)
{
	for (int step = 0; step < NR_STEPS; step++) {
		uint64_t index = host_below(host_below(2) ? 100 : NR_PAGES);

		if (host_below(2000) == 0)
			cut(index, host_below(2) ? PAGE_TREE_END
						 : index + host_below(1000));
		else if (host_below(5) < 3)
			insert(index);
		else
			remove_page(index);
		if (step % 5000 == 0)
			check_all();
	}
	check_all();
	page_tree_cut(&tree, 0, PAGE_TREE_END, drop_all, NULL);
	memset(model, 0, sizeof(model));
	CHECK_EQ(nodes, 0);
	CHECK(!tree.root);
	host_report(name);
}

/* The last page that a loff_t can name, alone and with the first. */
static void far_pages_cost_only_their_path(void)
{
	const uint64_t last = (uint64_t)INT64_MAX >> 12;
	struct frame *a = some_frame(), *b = some_frame();

	CHECK_EQ(page_tree_insert(&tree, last, a), 0);
	CHECK(nodes <= 9);
	CHECK_EQ(page_tree_insert(&tree, 0, b), 0);
	CHECK(nodes <= 17);
	CHECK(page_tree_find(&tree, last) == a);
	CHECK(page_tree_find(&tree, last - 1) == NULL);
	CHECK(page_tree_find(&tree, last + 1) == NULL);
	CHECK_EQ(page_tree_next(&tree, 1), last);
	CHECK_EQ(page_tree_next(&tree, last + 1), PAGE_TREE_END);
	CHECK(page_tree_remove(&tree, last) == a);
	CHECK(page_tree_find(&tree, 0) == b);
	CHECK(page_tree_remove(&tree, 0) == b);
	CHECK_EQ(nodes, 0);
	host_report("page_tree_far_pages_cost_only_their_path");
}

int main(void)
{
	host_seed();
	random_steps_match_model("page_tree_random_steps_match_model");
	no_memory = true;
	random_steps_match_model("page_tree_failed_inserts_change_nothing");
	no_memory = false;
	far_pages_cost_only_their_path();
	return host_status();
}
