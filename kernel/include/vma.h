/*
 * Mapped regions of an address space, and the tree that keeps them.
 *
 * Logic only: no page table, no lock, no hardware. The tree is an AVL tree
 * ordered by address and threaded as a list, and each node knows the largest
 * gap in front of any VMA in its subtree, so that find, insert, remove and
 * "find me a gap" cost O(log n).
 *
 *	   gap        VMA A      gap      VMA B
 *	|.........|AAAAAAAAAAAA|......|BBBBBBBBBBBBBB|
 *	          ^start       ^end          [start, end)
 */
#pragma once

#include "arch.h"
#include "types.h"

struct file;

/* What a VMA allows and how it behaves. The low three are enum access. */
#define VM_READ 0x1u
#define VM_WRITE 0x2u
#define VM_EXEC 0x4u
#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)
#define VM_SHARED 0x8u
#define VM_GROWSDOWN 0x100u /* the stack: grows at its start by a fault */
#define VM_NORESERVE 0x200u
#define VM_HEAP 0x400u   /* the brk area, for /proc/PID/maps */
#define VM_STACK 0x800u /* the main thread's stack, likewise */
#define VM_DENY_WRITE 0x1000u /* shared, of a file not open for writing */
#define VM_LOCKED 0x2000u    /* mlock: its pages stay in memory */
#define VM_LOCKONFAULT 0x4000u /* with VM_LOCKED: from the first touch on */
#define VM_LOCK_MASK (VM_LOCKED | VM_LOCKONFAULT)
#define VM_DONTFORK 0x8000u  /* madvise: a child does without it */
#define VM_WIPEONFORK 0x10000u /* madvise: a child finds zeros */
#define VM_RAND_READ 0x20000u  /* madvise: reading ahead is of no use */
#define VM_SEQ_READ 0x40000u   /* madvise: reading ahead is */
#define VM_HUGEPAGE 0x80000u   /* madvise: large pages are welcome */
#define VM_NOHUGEPAGE 0x100000u /* madvise: and here they are not */
#define VM_DONTDUMP 0x200000u  /* madvise: of no interest in a core dump */
#define VM_ACCOUNT 0x400000u   /* counts as committed: see overcommit.h */

struct vma {
	vaddr_t start, end;   /* page aligned, half-open, start < end */
	unsigned int flags;   /* VM_* */
	struct file *file;    /* NULL: anonymous. The VMA holds a reference */
	uint64_t file_page;   /* page of the file that is mapped at start */

	/* The tree's own fields. */
	struct vma *left, *right, *parent;
	struct vma *prev, *next; /* neighbours by address */
	int height;
	vaddr_t max_gap; /* largest gap in front of a VMA of this subtree */
};

struct vma_tree {
	struct vma *root;
	struct vma *first, *last;
	struct vma *recent; /* the answer of the last vma_find() */
	size_t nr;
};

/* The VMA that contains @addr, or else the next one above it, or NULL. */
struct vma *vma_find(struct vma_tree *tree, vaddr_t addr);

/* The first VMA that shares a byte with [start, end), or NULL. */
static inline struct vma *vma_find_overlap(struct vma_tree *tree,
					   vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find(tree, start);

	return vma && vma->start < end ? vma : NULL;
}

/* Put @vma, which overlaps none, into the tree. The tree does not own it. */
void vma_insert(struct vma_tree *tree, struct vma *vma);

/* Take @vma out of the tree; its own start and end stay readable. */
void vma_remove(struct vma_tree *tree, struct vma *vma);

/* Move the borders of a VMA in the tree; order and no overlap must remain. */
void vma_resize(struct vma_tree *tree, struct vma *vma, vaddr_t start,
		vaddr_t end);

/*
 * Split @vma at @addr, a page border inside it. @upper, uninitialised memory of
 * the caller, becomes [addr, end) and is inserted; @vma keeps [start, addr). The
 * caller takes the second reference to vma->file.
 */
void vma_split(struct vma_tree *tree, struct vma *vma, vaddr_t addr,
	       struct vma *upper);

/*
 * The highest address at which [addr, addr + bytes) is free and lies in
 * [low, high), as Linux's top-down search finds it; 0 if there is no such gap.
 * @bytes and both limits are page aligned. The gap below a growing stack stays
 * free: see vma_gap_start().
 */
vaddr_t vma_find_gap(const struct vma_tree *tree, size_t bytes, vaddr_t low,
		     vaddr_t high);

/*
 * Whether two VMAs that touch, @left before @right, are alike enough to be one:
 * equal flags, and the same file at consecutive pages or both anonymous.
 */
bool vma_can_merge(const struct vma *left, const struct vma *right);

/* Check every invariant of the tree; panics (kernel) or aborts on a broken one. */
void vma_validate(const struct vma_tree *tree);

/* Lowest address that a mapping below @vma must keep free for its growth. */
#define STACK_GUARD_GAP_BYTES (256 * PAGE_SIZE)

static inline vaddr_t vma_guarded_start(const struct vma *vma)
{
	if (!(vma->flags & VM_GROWSDOWN))
		return vma->start;
	return vma->start > STACK_GUARD_GAP_BYTES
		       ? vma->start - STACK_GUARD_GAP_BYTES
		       : 0;
}
