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

/* Give all of @vma, whose borders are final, the rights @prot. */
static struct vma *protect_vma(struct mm_struct *mm, struct vma *vma,
			       unsigned int prot)
{
	mm_count_pages(mm, vma->flags, -vma_pages(vma));
	vma->flags = (vma->flags & ~VM_ACCESS) | prot;
	mm_count_pages(mm, vma->flags, vma_pages(vma));
	pgtable_protect(mm, vma->start, vma->end, prot);
	return mm_merge(mm, vma);
}

/* The part of @vma inside [start, end) gets @prot; *@vma is what it became. */
static int protect_part(struct mm_struct *mm, struct vma **vma, vaddr_t start,
			vaddr_t end, unsigned int prot)
{
	unsigned int flags = ((*vma)->flags & ~VM_ACCESS) | prot;
	int err;

	if (flags == (*vma)->flags)
		return 0;
	if (prot & VM_WRITE && (*vma)->flags & VM_DENY_WRITE)
		return -EACCES;
	if (vm_is_data(flags) && !vm_is_data((*vma)->flags) &&
	    !mm_may_grow(mm, 0, flags))
		return -ENOMEM;
	if ((*vma)->start < start) {
		err = mm_split(mm, *vma, start);
		if (err)
			return err;
		*vma = (*vma)->next;
	}
	if ((*vma)->end > end) {
		err = mm_split(mm, *vma, end);
		if (err)
			return err;
	}
	*vma = protect_vma(mm, *vma, prot);
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

/* mprotect(2). -EINVAL: not aligned, unknown rights. -ENOMEM: a hole. */
long sys_mprotect(vaddr_t addr, size_t bytes, int prot)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end = addr + page_align_up(bytes);
	long err;

	if (!page_aligned(addr) || prot & ~(int)(VM_ACCESS | PROT_SEM))
		return -EINVAL;
	if (!bytes)
		return 0;
	if (end <= addr || end > USER_END)
		return -ENOMEM;
	mutex_lock(&mm->lock);
	err = mm_protect_locked(mm, addr, end, (unsigned int)prot & VM_ACCESS);
	mutex_unlock(&mm->lock);
	return err;
}
