/*
 * The radix tree of a file's frames.
 *
 * A page's number is read six bits at a time, the highest first; each group
 * chooses a slot. Nodes that lose their last slot are freed, so an empty tree
 * has no memory, and a sparse file only the paths to its pages.
 */
#include "page_tree.h"

#include <uapi/errno.h>

#include "kmalloc.h"

#define MAX_HEIGHT 9 /* 54 bits: every page number that a loff_t can reach */

/* How many pages a tree of this many levels can hold. */
static uint64_t capacity(unsigned int height)
{
	return 1UL << height * PAGE_TREE_SHIFT;
}

/* The slot of @index in a node @level levels above the frames. */
static unsigned int slot_of(uint64_t index, unsigned int level)
{
	return index >> level * PAGE_TREE_SHIFT & (PAGE_TREE_SLOTS - 1);
}

/* The slot of page @index, or NULL: there is no path to it. */
static inline void **find_slot(const struct page_tree *tree, uint64_t index)
{
	struct page_tree_node *node = tree->root;
	unsigned int level = tree->height;

	if (!node || index >= capacity(level))
		return NULL;
	while (--level > 0) {
		node = node->slot[slot_of(index, level)];
		if (!node)
			return NULL;
	}
	return &node->slot[slot_of(index, 0)];
}

struct frame *page_tree_find(const struct page_tree *tree, uint64_t index)
{
	void **slot = find_slot(tree, index);

	return slot ? *slot : NULL;
}

void page_tree_replace(struct page_tree *tree, uint64_t index,
		       struct frame *frame)
{
	*find_slot(tree, index) = frame;
}

/*
 * Steps over empty slots of a level at once: from where a path ends, on to the
 * first page of the next slot of that level.
 */
uint64_t page_tree_next(const struct page_tree *tree, uint64_t index)
{
	while (tree->root && index < capacity(tree->height)) {
		const struct page_tree_node *node = tree->root;
		unsigned int level = tree->height;

		while (node && level > 0)
			node = node->slot[slot_of(index, --level)];
		if (node)
			return index;
		index = ((index >> level * PAGE_TREE_SHIFT) + 1)
			<< level * PAGE_TREE_SHIFT;
	}
	return PAGE_TREE_END;
}

/* Make @index fit: an empty tree starts high enough, others get levels on top. */
static int grow(struct page_tree *tree, uint64_t index)
{
	struct page_tree_node *node;

	while (!tree->root || index >= capacity(tree->height)) {
		node = kzalloc(sizeof(*node));
		if (!node)
			return -ENOMEM;
		if (tree->root) {
			node->slot[0] = tree->root;
			node->used = 1;
			tree->height++;
		} else {
			tree->height = 1;
			while (index >= capacity(tree->height))
				tree->height++;
		}
		tree->root = node;
	}
	return 0;
}

/*
 * Clear the slot of @index at the lowest level that exists on its path, and
 * free every node on the path that holds nothing any more.
 */
static struct frame *clear_path(struct page_tree *tree, uint64_t index)
{
	struct page_tree_node *path[MAX_HEIGHT];
	struct page_tree_node *node = tree->root;
	unsigned int level = tree->height;
	struct frame *frame = NULL;

	if (!node)
		return NULL;
	do {
		path[--level] = node;
		node = node->slot[slot_of(index, level)];
	} while (node && level > 0);
	if (node) {
		frame = (struct frame *)node;
		path[0]->slot[slot_of(index, 0)] = NULL;
		path[0]->used--;
	}
	for (; level < tree->height && !path[level]->used; level++) {
		kfree(path[level]);
		if (level + 1 < tree->height) {
			path[level + 1]->slot[slot_of(index, level + 1)] = NULL;
			path[level + 1]->used--;
		}
	}
	if (level == tree->height)
		*tree = (struct page_tree){ NULL, 0 };
	return frame;
}

int page_tree_insert(struct page_tree *tree, uint64_t index,
		     struct frame *frame)
{
	struct page_tree_node *node;
	unsigned int level;

	if (grow(tree, index))
		goto no_memory;
	node = tree->root;
	for (level = tree->height; --level > 0;) {
		void **slot = &node->slot[slot_of(index, level)];

		if (!*slot) {
			*slot = kzalloc(sizeof(*node));
			if (!*slot)
				goto no_memory;
			node->used++;
		}
		node = *slot;
	}
	node->slot[slot_of(index, 0)] = frame;
	node->used++;
	return 0;
no_memory:
	if (tree->root && index < capacity(tree->height))
		clear_path(tree, index);
	return -ENOMEM;
}

struct frame *page_tree_remove(struct page_tree *tree, uint64_t index)
{
	if (!page_tree_find(tree, index))
		return NULL;
	return clear_path(tree, index);
}

/* What is left of @bound, a page number, from @start on, 0 at least. */
static uint64_t relative(uint64_t bound, uint64_t start)
{
	return bound > start ? bound - start : 0;
}

/*
 * Drop what lies in [first, end), counted from the node's own first page and
 * not empty. Recursion is as deep as the tree, MAX_HEIGHT at most.
 */
static void cut_node(struct page_tree_node *node, unsigned int level,
		     uint64_t first, uint64_t end, page_tree_drop_fn drop,
		     void *arg)
{
	for (unsigned int i = slot_of(first, level); i < PAGE_TREE_SLOTS; i++) {
		uint64_t start = (uint64_t)i << level * PAGE_TREE_SHIFT;
		struct page_tree_node *child = node->slot[i];

		if (start >= end)
			break;
		if (!child)
			continue;
		if (level == 0) {
			if (!drop((struct frame *)child, arg))
				continue;
		} else {
			cut_node(child, level - 1, relative(first, start),
				 end - start, drop, arg);
			if (child->used)
				continue;
			kfree(child);
		}
		node->slot[i] = NULL;
		node->used--;
	}
}

void page_tree_cut(struct page_tree *tree, uint64_t first, uint64_t end,
		   page_tree_drop_fn drop, void *arg)
{
	if (!tree->root || first >= end || first >= capacity(tree->height))
		return;
	cut_node(tree->root, tree->height - 1, first, end, drop, arg);
	if (!tree->root->used) {
		kfree(tree->root);
		*tree = (struct page_tree){ NULL, 0 };
	}
}
