/*
 * mprotect: give a range other rights.
 *
 *	before   |AAAAAAAAAAAAAAA|      A: rw-
 *	             ^start ^end
 *	after    |AAA|BBBBBB|AAAA|      B: r--, and back to one A when undone
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "mm.h"
#include "panic.h"
#include "pgtable.h"
#include "task.h"
#include "vma_edit.h"

/*
 * The flags of the part [start, end) of @vma with the rights @prot. Becoming
 * writable is a promise. It ends with the right to write, but not for pages that
 * were written: they keep their frames.
 */
static unsigned int flags_with(const struct mm_struct *mm,
			       const struct vma *vma, vaddr_t start,
			       vaddr_t end, unsigned int prot)
{
	unsigned int flags = (vma->flags & ~VM_ACCESS) | prot;

	if (vm_is_accountable(flags))
		return flags | VM_ACCOUNT;
	if (flags & VM_ACCOUNT && !vma->file && !pgtable_has_own(mm, start, end))
		return flags & ~VM_ACCOUNT;
	return flags;
}

/* Whether limits and promises allow @pages of @vma to have @flags instead. */
static bool may_become(const struct mm_struct *mm, const struct vma *vma,
		       unsigned int flags, uint64_t pages)
{
	if (vm_is_data(flags) && !vm_is_data(vma->flags) &&
	    !mm_may_grow(mm, pages, flags) && mm_may_grow(mm, pages, vma->flags))
		return false;
	return vma->flags & VM_ACCOUNT || mm_may_commit(mm, pages, flags);
}

/* The part of @vma inside [start, end) gets @prot; *@vma is what it became. */
static int protect_part(struct mm_struct *mm, struct vma **vma, vaddr_t start,
			vaddr_t end, unsigned int prot)
{
	vaddr_t from = (*vma)->start > start ? (*vma)->start : start;
	vaddr_t to = (*vma)->end < end ? (*vma)->end : end;
	bool was_writable = (*vma)->flags & (VM_WRITE | VM_SHARED);
	unsigned int flags;
	int err;

	if (((*vma)->flags & VM_ACCESS) == prot)
		return 0;
	flags = flags_with(mm, *vma, from, to, prot);
	if (prot & VM_WRITE && (*vma)->flags & VM_DENY_WRITE)
		return -EACCES;
	if (!may_become(mm, *vma, flags, (to - from) >> PAGE_SHIFT))
		return -ENOMEM;
	err = mm_isolate(mm, vma, from, to);
	if (err)
		return err;
	mm_change_flags(mm, *vma, flags);
	pgtable_protect(mm, from, to, prot);
	/* What mlock keeps shall not wait for a copy when it is written. */
	if (flags & VM_LOCKED && flags & VM_WRITE && !was_writable)
		mm_populate_vma_locked(mm, *vma, from, to);
	*vma = mm_merge(mm, *vma);
	return 0;
}

/*
 * As on Linux the range is changed from its start up to the first obstacle: a
 * hole or a VMA that must not change leaves the part before it changed.
 */
int mm_protect_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		      unsigned int prot)
{
	struct vma *vma = vma_find(&mm->vmas, start);
	vaddr_t at = start;

	assert_held(&mm->lock);
	while (at < end) {
		int err;

		if (!vma || vma->start > at)
			return -ENOMEM;
		err = protect_part(mm, &vma, at, end, prot);
		if (err)
			return err;
		at = vma->end;
		vma = vma->next;
	}
	return 0;
}

/*
 * PROT_GROWSDOWN means the whole of a stack up to @end: *@start moves down to
 * where it begins now. PROT_GROWSUP is for stacks that no x86 has.
 */
static int grown_start_locked(struct mm_struct *mm, vaddr_t *start, vaddr_t end,
			      int grows)
{
	const struct vma *vma = vma_find_overlap(&mm->vmas, *start, end);

	if (!vma || (grows == PROT_GROWSUP && vma->start > *start))
		return -ENOMEM;
	if (grows == PROT_GROWSUP || !(vma->flags & VM_GROWSDOWN))
		return -EINVAL;
	*start = vma->start;
	return 0;
}

/*
 * mprotect(2). -EINVAL: not aligned, unknown rights, or PROT_GROWS* for what
 * does not grow so. -ENOMEM: a hole, or as mm_protect_locked(). -EACCES: a
 * shared mapping of a file that may only be read.
 */
long sys_mprotect(vaddr_t addr, size_t bytes, int prot)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end = addr + page_align_up(bytes);
	int grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
	long err = 0;

	prot &= ~grows;
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || !page_aligned(addr))
		return -EINVAL;
	if (!bytes)
		return 0;
	if (end <= addr)
		return -ENOMEM;
	if (prot & ~(int)(VM_ACCESS | PROT_SEM))
		return -EINVAL;
	mutex_lock(&mm->lock);
	if (grows)
		err = grown_start_locked(mm, &addr, end, grows);
	if (!err)
		err = mm_protect_locked(mm, addr, end,
					(unsigned int)prot & VM_ACCESS);
	mutex_unlock(&mm->lock);
	return err;
}
