/*
 * The tree of VMAs: an AVL tree by address, threaded as a list, in which each
 * node knows the largest gap in front of any VMA of its subtree.
 *
 * Invariants, checked by vma_validate():
 *
 *	prev->end <= start < end <= next->start
 *	height   == 1 + max(height(left), height(right)), the two differ by <= 1
 *	max_gap  == max(gap in front of this VMA, left->max_gap, right->max_gap)
 */
#include "vma.h"

#include "panic.h"

static int height_of(const struct vma *node)
{
	return node ? node->height : 0;
}

static vaddr_t max_gap_of(const struct vma *node)
{
	return node ? node->max_gap : 0;
}

/* Free bytes in front of @vma that a new mapping may use. */
static vaddr_t gap_before(const struct vma *vma)
{
	vaddr_t prev_end = vma->prev ? vma->prev->end : 0;
	vaddr_t start = vma_guarded_start(vma);

	return start > prev_end ? start - prev_end : 0;
}

/* Recompute what @node derives from its children and its own gap. */
static void node_update(struct vma *node)
{
	int left = height_of(node->left);
	int right = height_of(node->right);
	vaddr_t gap = gap_before(node);

	if (max_gap_of(node->left) > gap)
		gap = max_gap_of(node->left);
	if (max_gap_of(node->right) > gap)
		gap = max_gap_of(node->right);
	node->height = 1 + (left > right ? left : right);
	node->max_gap = gap;
}

/* ---- balance ---- */

/* Let @new take the place that @old has below its parent. */
static void replace_child(struct vma_tree *tree, struct vma *old,
			  struct vma *new)
{
	struct vma *parent = old->parent;

	if (!parent)
		tree->root = new;
	else if (parent->left == old)
		parent->left = new;
	else
		parent->right = new;
	if (new)
		new->parent = parent;
}

/*
 *	    node              up
 *	   /    \            /  \
 *	  a      up   -->  node  c
 *	        /  \      /    \
 *	       b    c    a      b
 */
static struct vma *rotate_left(struct vma_tree *tree, struct vma *node)
{
	struct vma *up = node->right;

	replace_child(tree, node, up);
	node->right = up->left;
	if (up->left)
		up->left->parent = node;
	up->left = node;
	node->parent = up;
	node_update(node);
	node_update(up);
	return up;
}

static struct vma *rotate_right(struct vma_tree *tree, struct vma *node)
{
	struct vma *up = node->left;

	replace_child(tree, node, up);
	node->left = up->right;
	if (up->right)
		up->right->parent = node;
	up->right = node;
	node->parent = up;
	node_update(node);
	node_update(up);
	return up;
}

/* Update @node and restore its balance; the root of its subtree afterwards. */
static struct vma *node_balance(struct vma_tree *tree, struct vma *node)
{
	int lean = height_of(node->left) - height_of(node->right);

	if (lean > 1) {
		if (height_of(node->left->left) < height_of(node->left->right))
			rotate_left(tree, node->left);
		return rotate_right(tree, node);
	}
	if (lean < -1) {
		if (height_of(node->right->right) < height_of(node->right->left))
			rotate_right(tree, node->right);
		return rotate_left(tree, node);
	}
	node_update(node);
	return node;
}

static void balance_up(struct vma_tree *tree, struct vma *node)
{
	while (node)
		node = node_balance(tree, node)->parent;
}

/* The gap in front of @node has changed: carry that up. */
static void gap_changed(struct vma *node)
{
	while (node) {
		vaddr_t old = node->max_gap;

		node_update(node);
		if (node->max_gap == old)
			break;
		node = node->parent;
	}
}

/* ---- find ---- */

struct vma *vma_find(struct vma_tree *tree, vaddr_t addr)
{
	struct vma *node = tree->recent;
	struct vma *best = NULL;

	if (node && addr >= node->start && addr < node->end)
		return node;
	node = tree->root;
	while (node) {
		if (addr >= node->end) {
			node = node->right;
			continue;
		}
		best = node;
		if (addr >= node->start)
			break;
		node = node->left;
	}
	if (best)
		tree->recent = best;
	return best;
}

struct gap_search {
	size_t bytes;
	vaddr_t low, high;
};

/*
 * The highest place below @node, or 0. A subtree whose max_gap is too small is
 * never entered, so at most the two gaps that low and high cut through can
 * disappoint: the search goes down two paths at most.
 */
static vaddr_t find_gap_below(const struct vma *node,
			      const struct gap_search *want)
{
	vaddr_t start, end, found;

	if (!node || node->max_gap < want->bytes)
		return 0;
	if (node->end < want->high) {
		found = find_gap_below(node->right, want);
		if (found)
			return found;
	}
	start = node->prev ? node->prev->end : 0;
	end = vma_guarded_start(node);
	if (start < want->low)
		start = want->low;
	if (end > want->high)
		end = want->high;
	if (end > start && end - start >= want->bytes)
		return end - want->bytes;
	if (node->start <= want->low)
		return 0;
	return find_gap_below(node->left, want);
}

vaddr_t vma_find_gap(const struct vma_tree *tree, size_t bytes, vaddr_t low,
		     vaddr_t high)
{
	const struct gap_search want = { bytes, low, high };
	vaddr_t top = tree->last ? tree->last->end : 0;

	if (top < low)
		top = low;
	if (high > top && high - top >= bytes)
		return high - bytes;
	return find_gap_below(tree->root, &want);
}

/* ---- insert, remove, resize ---- */

/* Hang @vma below @parent and between its neighbours in the list. */
static void link_at(struct vma_tree *tree, struct vma *vma, struct vma *parent,
		    bool left)
{
	vma->left = vma->right = NULL;
	vma->parent = parent;
	vma->prev = vma->next = NULL;
	if (!parent) {
		tree->root = vma;
	} else if (left) {
		parent->left = vma;
		vma->next = parent;
		vma->prev = parent->prev;
	} else {
		parent->right = vma;
		vma->prev = parent;
		vma->next = parent->next;
	}
	if (vma->prev)
		vma->prev->next = vma;
	else
		tree->first = vma;
	if (vma->next)
		vma->next->prev = vma;
	else
		tree->last = vma;
}

void vma_insert(struct vma_tree *tree, struct vma *vma)
{
	struct vma *parent = NULL, *node = tree->root;

	while (node) {
		parent = node;
		node = vma->start < node->start ? node->left : node->right;
	}
	link_at(tree, vma, parent, parent && vma->start < parent->start);
	tree->nr++;
	balance_up(tree, vma);
	gap_changed(vma->next);
}

/*
 * Take @vma's place in the tree for its successor, which has no left child.
 * Returns the deepest node whose subtree has changed.
 */
static struct vma *replace_by_next(struct vma_tree *tree, struct vma *vma)
{
	struct vma *next = vma->next;
	struct vma *changed = next;

	if (next->parent != vma) {
		changed = next->parent;
		replace_child(tree, next, next->right);
		next->right = vma->right;
		next->right->parent = next;
	}
	replace_child(tree, vma, next);
	next->left = vma->left;
	next->left->parent = next;
	return changed;
}

void vma_remove(struct vma_tree *tree, struct vma *vma)
{
	struct vma *changed;

	if (vma->left && vma->right) {
		changed = replace_by_next(tree, vma);
	} else {
		changed = vma->parent;
		replace_child(tree, vma, vma->left ? vma->left : vma->right);
	}
	if (vma->prev)
		vma->prev->next = vma->next;
	else
		tree->first = vma->next;
	if (vma->next)
		vma->next->prev = vma->prev;
	else
		tree->last = vma->prev;
	if (tree->recent == vma)
		tree->recent = NULL;
	tree->nr--;
	balance_up(tree, changed);
	gap_changed(vma->next);
}

void vma_resize(struct vma_tree *tree, struct vma *vma, vaddr_t start,
		vaddr_t end)
{
	(void)tree;
	vma->start = start;
	vma->end = end;
	gap_changed(vma);
	gap_changed(vma->next);
}

void vma_split(struct vma_tree *tree, struct vma *vma, vaddr_t addr,
	       struct vma *upper)
{
	*upper = *vma;
	upper->start = addr;
	upper->file_page += (addr - vma->start) >> PAGE_SHIFT;
	vma_resize(tree, vma, vma->start, addr);
	vma_insert(tree, upper);
}

bool vma_can_merge(const struct vma *left, const struct vma *right)
{
	if (left->end != right->start || left->flags != right->flags ||
	    left->file != right->file)
		return false;
	return !left->file ||
	       left->file_page + ((left->end - left->start) >> PAGE_SHIFT) ==
		       right->file_page;
}

/* ---- validation ---- */

static size_t validate_below(const struct vma *node)
{
	struct vma copy;
	size_t nr;

	if (!node)
		return 0;
	KASSERT(!node->left || node->left->parent == node);
	KASSERT(!node->right || node->right->parent == node);
	nr = validate_below(node->left) + validate_below(node->right);
	copy = *node;
	node_update(&copy);
	KASSERT(copy.height == node->height && copy.max_gap == node->max_gap);
	KASSERT(height_of(node->left) - height_of(node->right) <= 1);
	KASSERT(height_of(node->right) - height_of(node->left) <= 1);
	return nr + 1;
}

void vma_validate(const struct vma_tree *tree)
{
	const struct vma *prev = NULL;
	size_t nr = 0;

	KASSERT(!tree->root || !tree->root->parent);
	for (const struct vma *vma = tree->first; vma; vma = vma->next) {
		KASSERT(vma->start < vma->end && vma->prev == prev);
		KASSERT(page_aligned(vma->start) && page_aligned(vma->end));
		KASSERT(!prev || prev->end <= vma->start);
		prev = vma;
		nr++;
	}
	KASSERT(tree->last == prev && tree->nr == nr);
	KASSERT(validate_below(tree->root) == nr);
}
