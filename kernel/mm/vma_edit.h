/*
 * Editing the VMAs of an mm: what map.c, mprotect.c and their like share.
 *
 * vma.c knows the tree; here are the memory that its nodes need, the limits, and
 * the counts of pages that go with every change. Callers hold mm->lock.
 */
#pragma once

#include "mm.h"
#include "overcommit.h"

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

/* Whether the running thread may lock memory, and @pages more of it in @mm. */
bool may_mlock(void);
bool mm_may_lock(const struct mm_struct *mm, uint64_t pages);

/* Whether overcommit_memory allows to promise @pages more with VM_* @flags. */
static inline bool mm_may_commit(const struct mm_struct *mm, uint64_t pages,
				 unsigned int flags)
{
	return !(flags & VM_ACCOUNT) ||
	       overcommit_allows(pages, mm->total_pages);
}

/* Whether a VMA with @flags counts as committed: private, writable memory. */
static inline bool vm_is_accountable(unsigned int flags)
{
	return (flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
}

/* @delta pages with VM_* @flags were promised (or, negative, taken back). */
void mm_count_pages(struct mm_struct *mm, unsigned int flags, int64_t delta);

/* Split @vma at @addr; @vma keeps the lower part. 0 or -ENOMEM. */
int mm_split(struct mm_struct *mm, struct vma *vma, vaddr_t addr);

/*
 * Make @start and @end borders between VMAs, where they lie inside one. 0, or
 * -ENOMEM with nothing changed.
 */
int mm_split_borders(struct mm_struct *mm, vaddr_t start, vaddr_t end);

/*
 * Split *@vma so that a VMA of its own covers its part of [start, end); that is
 * *@vma afterwards. 0 or -ENOMEM; a split that was made stays, and is harmless.
 */
int mm_isolate(struct mm_struct *mm, struct vma **vma, vaddr_t start,
	       vaddr_t end);

/* Give @vma other VM_* flags, and enter the change in all counts. */
void mm_change_flags(struct mm_struct *mm, struct vma *vma, unsigned int flags);

/*
 * Give the part of *@vma in [start, end) the flags @flags, which change nothing
 * in the page tables; *@vma is the VMA that covers it then. 0 or -ENOMEM.
 */
int mm_set_flags(struct mm_struct *mm, struct vma **vma, vaddr_t start,
		 vaddr_t end, unsigned int flags);

/* Join @vma with the neighbours that are like it; the VMA that covers it then. */
struct vma *mm_merge(struct mm_struct *mm, struct vma *vma);
