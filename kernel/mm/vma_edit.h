/*
 * Editing the VMAs of an mm: what map.c, mprotect.c and their like share.
 *
 * vma.c knows the tree; here are the memory that its nodes need, the limits, and
 * the counts of pages that go with every change. Callers hold mm->lock.
 */
#pragma once

#include "mm.h"

/* A copy of @like outside any tree, with its own reference to the file; or NULL. */
struct vma *vma_create(const struct vma *like);

/* Free what vma_create() made; it is in no tree. */
void vma_destroy(struct vma *vma);

static inline int64_t vma_pages(const struct vma *vma)
{
	return (int64_t)((vma->end - vma->start) >> PAGE_SHIFT);
}

/* Private writable memory: what RLIMIT_DATA limits and VmData shows. */
static inline bool vm_is_data(unsigned int flags)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}

/* Whether RLIMIT_AS and RLIMIT_DATA allow @pages more with VM_* @flags. */
bool mm_may_grow(const struct mm_struct *mm, uint64_t pages,
		 unsigned int flags);

/* @delta pages with VM_* @flags were promised (or, negative, taken back). */
void mm_count_pages(struct mm_struct *mm, unsigned int flags, int64_t delta);

/* Split @vma at @addr; @vma keeps the lower part. 0 or -ENOMEM. */
int mm_split(struct mm_struct *mm, struct vma *vma, vaddr_t addr);

/*
 * Make @start and @end borders between VMAs, where they lie inside one. 0, or
 * -ENOMEM with nothing changed.
 */
int mm_split_borders(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/* Join @vma with the neighbours that are like it; the VMA that covers it then. */
struct vma *mm_merge(struct mm_struct *mm, struct vma *vma);
