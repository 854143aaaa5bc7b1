/*
 * msync: bring the writes of a shared mapping to its file.
 *
 * A mapping and its file show the same frames, and a file that can be written
 * lives in memory alone: there is nothing to bring anywhere. What remains are
 * the rules about arguments, which programs use to ask whether a range is mapped.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "mm.h"
#include "task.h"

/*
 * Holes are passed over and reported at the end, by MS_ASYNC alone at once.
 * -EBUSY: MS_INVALIDATE for pages that are locked.
 */
static int check_range_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			      int flags)
{
	struct vma *vma = vma_find(&mm->vmas, start);
	int err = 0;

	while (start < end) {
		if (!vma || vma->start >= end)
			return -ENOMEM;
		if (vma->start > start)
			err = -ENOMEM;
		if (err && flags == MS_ASYNC)
			return err;
		if (flags & MS_INVALIDATE && vma->flags & VM_LOCKED)
			return -EBUSY;
		start = vma->end;
		vma = vma->next;
	}
	return err;
}

/* msync(2). -EINVAL: not aligned, flags unknown or at odds. -ENOMEM: a hole. */
long sys_msync(vaddr_t addr, size_t bytes, int flags)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end = addr + page_align_up(bytes);
	int err;

	if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    !page_aligned(addr) || (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	if (end < addr)
		return -ENOMEM;
	mutex_lock(&mm->lock);
	err = check_range_locked(mm, addr, end, flags);
	mutex_unlock(&mm->lock);
	return err;
}
