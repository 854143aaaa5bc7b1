/*
 * The frames of a file, found by page number: a radix tree.
 *
 * Logic only: the owner locks, and decides what a frame's reference means. Each
 * level has 64 slots, so a file of 256 KiB is one level and a lookup in it is
 * one load; the tree grows at its root as the file does.
 *
 *	root --> | 0 | 1 | ... | 63 |          height 2: pages 0 to 4095
 *	           |       \
 *	           v        v
 *	        |frames|  |frames|             each node: 64 pages
 */
#pragma once

#include "types.h"

struct frame;

#define PAGE_TREE_SHIFT 6
#define PAGE_TREE_SLOTS (1u << PAGE_TREE_SHIFT)

struct page_tree_node {
	unsigned int used; /* slots that are not NULL */
	void *slot[PAGE_TREE_SLOTS]; /* nodes; at the lowest level frames */
};

/* All zero is an empty tree. */
struct page_tree {
	struct page_tree_node *root;
	unsigned int height; /* levels; 0: no root */
};

#define PAGE_TREE_END UINT64_MAX /* behind every page */

/*
 * A page that has been swapped out: its swap_t stands in the tree instead of a
 * frame, marked by the lowest bit, which no pointer has set. Files of tmpfs only.
 */
static inline bool page_tree_is_swap(const struct frame *frame)
{
	return (uintptr_t)frame & 1;
}

static inline swap_t page_tree_swap(const struct frame *frame)
{
	return (uintptr_t)frame >> 1;
}

static inline struct frame *page_tree_make_swap(swap_t entry)
{
	return (struct frame *)(entry << 1 | 1);
}

/* The frame of page @index, or NULL, or what page_tree_make_swap() made. */
struct frame *page_tree_find(const struct page_tree *tree, uint64_t index);

/* The first page from @index on that has a frame, or PAGE_TREE_END. */
uint64_t page_tree_next(const struct page_tree *tree, uint64_t index);

/* Enter @frame for page @index, which has none. 0, or -ENOMEM: no change. */
int page_tree_insert(struct page_tree *tree, uint64_t index,
		     struct frame *frame);

/* Put @frame in the place of what page @index has. */
void page_tree_replace(struct page_tree *tree, uint64_t index,
		       struct frame *frame);

/* Take out the frame of @index and return it; NULL if there was none. */
struct frame *page_tree_remove(struct page_tree *tree, uint64_t index);

/*
 * Called by page_tree_cut() for a frame: true if it has taken over the tree's
 * reference, false if the frame stays.
 */
typedef bool (*page_tree_drop_fn)(struct frame *frame, void *arg);

/*
 * Offer every frame of the pages [first, end) to @drop and take out those it
 * accepts. Takes time proportional to what is there, not to the size of the
 * range.
 */
void page_tree_cut(struct page_tree *tree, uint64_t first, uint64_t end,
		   page_tree_drop_fn drop, void *arg);
