/*
 * madvise: what a program expects to do with a range.
 *
 * Most advice is a hint that changes nothing here. MADV_DONTNEED is a promise:
 * the pages are given back at once and the next touch finds zeros, or the file.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "mm.h"
#include "pgtable.h"
#include "task.h"

static bool is_hint(int advice)
{
	return advice == MADV_NORMAL || advice == MADV_RANDOM ||
	       advice == MADV_SEQUENTIAL || advice == MADV_WILLNEED;
}

/* Holes do not stop the work, as on Linux, but are reported at its end. */
static int dontneed_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	vaddr_t covered = start;
	int err = 0;

	for (; vma && vma->start < end; vma = vma->next) {
		vaddr_t from = vma->start > start ? vma->start : start;
		vaddr_t to = vma->end < end ? vma->end : end;

		if (from > covered)
			err = -ENOMEM;
		pgtable_unmap(mm, from, to);
		covered = to;
	}
	return covered < end ? -ENOMEM : err;
}

/* Whether VMAs cover [start, end) without a hole. */
static bool is_covered(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find(&mm->vmas, start);

	for (; vma && vma->start <= start; vma = vma->next) {
		if (vma->end >= end)
			return true;
		start = vma->end;
	}
	return false;
}

/*
 * madvise(2). -EINVAL: not page aligned, or advice that is not known here.
 * -ENOMEM: a part of the range is not mapped; the rest has been dealt with.
 */
long sys_madvise(vaddr_t addr, size_t bytes, int advice)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end = addr + page_align_up(bytes);
	long err = 0;

	if (!is_hint(advice) && advice != MADV_DONTNEED)
		return -EINVAL;
	if (!page_aligned(addr) || end < addr || page_align_up(bytes) < bytes)
		return -EINVAL;
	if (end == addr)
		return 0;
	mutex_lock(&mm->lock);
	if (advice == MADV_DONTNEED)
		err = dontneed_locked(mm, addr, end);
	else if (!is_covered(mm, addr, end))
		err = -ENOMEM;
	mutex_unlock(&mm->lock);
	return err;
}
