/*
 * madvise: what a program expects to do with a range.
 *
 *	a note      RANDOM, SEQUENTIAL, HUGEPAGE, DONTDUMP, ...   a flag of the VMA
 *	for fork    DONTFORK, WIPEONFORK and their opposites      likewise
 *	a promise   DONTNEED                  the pages are given back at once
 *	            FREE                      or when memory is short
 *	a wish      POPULATE_READ, _WRITE     the pages are fetched
 *	            WILLNEED                  if they are on a disk
 *	            COLD, PAGEOUT             pages are the first to go, or go now
 *	of a file   REMOVE                    the pages become a hole
 *
 * After DONTNEED the next touch finds zeros, or the file.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "evict.h"
#include "file.h"
#include "lazy_free.h"
#include "mm.h"
#include "pagewalk.h"
#include "pgtable.h"
#include "reclaim.h"
#include "swap.h"
#include "task.h"
#include "vma_edit.h"

/* What a piece of advice does to the flags of a VMA. */
struct flag_advice {
	int advice;
	unsigned int clear, set;
	unsigned int refuse; /* VM_* with which it is -EINVAL */
	bool anonymous_only; /* -EINVAL for a file */
};

static const struct flag_advice flag_advices[] = {
	{ MADV_NORMAL, VM_RAND_READ | VM_SEQ_READ, 0, 0, false },
	{ MADV_RANDOM, VM_SEQ_READ, VM_RAND_READ, 0, false },
	{ MADV_SEQUENTIAL, VM_RAND_READ, VM_SEQ_READ, 0, false },
	{ MADV_DONTFORK, 0, VM_DONTFORK, 0, false },
	{ MADV_DOFORK, VM_DONTFORK, 0, 0, false },
	{ MADV_WIPEONFORK, 0, VM_WIPEONFORK, VM_SHARED, true },
	{ MADV_KEEPONFORK, VM_WIPEONFORK, 0, 0, false },
	{ MADV_DONTDUMP, 0, VM_DONTDUMP, 0, false },
	{ MADV_DODUMP, VM_DONTDUMP, 0, 0, false },
	{ MADV_HUGEPAGE, VM_NOHUGEPAGE, VM_HUGEPAGE, 0, false },
	{ MADV_NOHUGEPAGE, VM_HUGEPAGE, VM_NOHUGEPAGE, 0, false },
};

static const struct flag_advice *find_flag_advice(int advice)
{
	for (size_t i = 0; i < ARRAY_SIZE(flag_advices); i++)
		if (flag_advices[i].advice == advice)
			return &flag_advices[i];
	return NULL;
}

/* The part of *@vma in [start, end); *@vma is what covers it afterwards. */
static int advise_flags(struct mm_struct *mm, struct vma **vma, vaddr_t start,
			vaddr_t end, const struct flag_advice *change)
{
	unsigned int flags = (*vma)->flags;

	if (flags & change->refuse || (change->anonymous_only && (*vma)->file))
		return -EINVAL;
	flags = (flags & ~change->clear) | change->set;
	/* The word for "no memory for this now", since -ENOMEM means a hole. */
	return mm_set_flags(mm, vma, start, end, flags) ? -EAGAIN : 0;
}

/* page_walk_fn: WILLNEED. What cannot be read will be found out by a touch. */
static void read_ahead(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	struct frame *frame;
	bool from_disk;

	(void)arg, (void)addr, (void)bytes;
	if (pte_is_swap(*pte) && !memory_is_low() &&
	    !swap_in(pte_swap(*pte), &frame, &from_disk))
		swap_cache_put(frame);
}

/* WILLNEED of a file on a disk: into the page cache, as long as there is room. */
static void read_file_ahead(const struct vma *vma, vaddr_t start, vaddr_t end)
{
	uint64_t index = vma->file_page + ((start - vma->start) >> PAGE_SHIFT);
	struct frame *frame;
	bool from_disk;

	for (; start < end && !memory_is_low(); start += PAGE_SIZE, index++) {
		if (file_get_frame(vma->file, index, &frame, &from_disk))
			return;
		frame_put(frame);
	}
}

/*
 * DONTNEED. Tables that reach no further go as well, as on Linux from 6.14 on: in
 * their place the next touch may have a large page.
 */
static void drop_pages(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	pgtable_unmap(mm, start, end);
	pgtable_free_range(mm, start, end, start, end);
}

/* Advice about pages: what VMAs refuse it, and what is done. */
static int advise_pages(struct mm_struct *mm, struct vma *vma, vaddr_t start,
			vaddr_t end, int advice)
{
	switch (advice) {
	case MADV_DONTNEED_LOCKED:
		drop_pages(mm, start, end);
		return 0;
	case MADV_FREE:
		if (vma->file || vma->flags & VM_LOCKED)
			return -EINVAL;
		lazy_free_locked(mm, start, end);
		return 0;
	case MADV_DONTNEED:
		if (vma->flags & VM_LOCKED)
			return -EINVAL;
		drop_pages(mm, start, end);
		return 0;
	case MADV_COLD:
		if (vma->flags & VM_LOCKED)
			return -EINVAL;
		evict_range_locked(mm, start, end, false);
		return 0;
	default: /* MADV_WILLNEED */
		page_walk(mm, start, end, read_ahead, NULL);
		if (vma->file && vma->file->inode->ops->read_pages)
			read_file_ahead(vma, start, end);
		return 0;
	}
}

static bool is_page_advice(int advice)
{
	return advice == MADV_WILLNEED || advice == MADV_DONTNEED ||
	       advice == MADV_DONTNEED_LOCKED || advice == MADV_FREE ||
	       advice == MADV_COLD || advice == MADV_PAGEOUT;
}

/*
 * MADV_PAGEOUT of the part of @vma before @end. It lets go of mm->lock while it
 * writes, and the caller looks for the VMA again. -EINVAL, or how far it got.
 */
static int64_t page_out_locked(struct mm_struct *mm, const struct vma *vma,
			       vaddr_t start, vaddr_t end)
{
	if (vma->flags & VM_LOCKED)
		return -EINVAL;
	return (int64_t)evict_range_locked(mm, start, end, true);
}

/* Holes do not stop the work, as on Linux, but are reported at its end. */
static int advise_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			 int advice)
{
	const struct flag_advice *change = find_flag_advice(advice);
	struct vma *vma = vma_find(&mm->vmas, start);
	int hole = 0;

	while (start < end) {
		vaddr_t to;
		int err;

		if (!vma || vma->start >= end)
			return -ENOMEM;
		if (vma->start > start) {
			hole = -ENOMEM;
			start = vma->start;
		}
		to = vma->end < end ? vma->end : end;
		if (advice == MADV_PAGEOUT) {
			int64_t done = page_out_locked(mm, vma, start, to);

			if (done < 0)
				return (int)done;
			start = (vaddr_t)done;
			vma = vma_find(&mm->vmas, start);
			continue;
		}
		err = change ? advise_flags(mm, &vma, start, to, change)
			     : advise_pages(mm, vma, start, to, advice);
		if (err)
			return err;
		start = to;
		vma = vma->end > start ? vma : vma->next;
	}
	return hole;
}

/* What forbids to make a hole in the file behind @vma. */
static int check_removable(const struct vma *vma)
{
	if (vma->flags & VM_LOCKED || !vma->file ||
	    !vma->file->inode->ops->punch_hole)
		return -EINVAL;
	if ((vma->flags & (VM_SHARED | VM_DENY_WRITE)) != VM_SHARED)
		return -EACCES;
	return 0;
}

/* The first VMA of a range, as bytes of a file. */
struct removal {
	vaddr_t start, end;
	struct file *file; /* a reference, once it was found */
	loff_t offset;
};

/* Cut @part to its first VMA. -ENOMEM: there is none. */
static int find_removal_locked(struct mm_struct *mm, struct removal *part)
{
	const struct vma *vma = vma_find_overlap(&mm->vmas, part->start,
						 part->end);
	int err;

	if (!vma)
		return -ENOMEM;
	err = check_removable(vma);
	if (err)
		return err;
	if (vma->start > part->start)
		part->start = vma->start;
	if (vma->end < part->end)
		part->end = vma->end;
	part->file = vma->file;
	part->offset = (loff_t)((vma->file_page << PAGE_SHIFT) + part->start -
				vma->start);
	file_get(part->file);
	return 0;
}

static int remove_part(struct mm_struct *mm, struct removal *part)
{
	struct inode *inode;
	int err;

	mutex_lock(&mm->lock);
	err = find_removal_locked(mm, part);
	mutex_unlock(&mm->lock);
	if (err)
		return err;
	inode = part->file->inode;
	err = inode->ops->punch_hole(inode, part->offset,
				     (loff_t)(part->end - part->start));
	file_put(part->file);
	return err;
}

/*
 * MADV_REMOVE: holes in the files behind the range. What becomes one is unmapped
 * wherever it is mapped, so no mm->lock can be held while that happens.
 */
static int remove_pages(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	int hole = 0;

	while (start < end) {
		struct removal part = { .start = start, .end = end };
		int err = remove_part(mm, &part);

		if (err)
			return err;
		if (part.start > start)
			hole = -ENOMEM;
		start = part.end;
	}
	return hole;
}

/* In the words of madvise(2): where rights are missing, the call was wrong. */
static int populate(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		    unsigned int access)
{
	int err = mm_populate_access(mm, start, end, access);

	if (err == -EACCES)
		return -EINVAL;
	return err && err != -ENOMEM && err != -EINTR ? -EFAULT : err;
}

/*
 * madvise(2). -EINVAL: not page aligned, advice that is not known here, or that
 * does not fit a VMA. -ENOMEM: a part of the range is not mapped; the rest has
 * been dealt with, but by MADV_POPULATE_*, which stop there. -EFAULT: they met a
 * page behind the end of its file. -EAGAIN: no memory for the change.
 */
long sys_madvise(vaddr_t addr, size_t bytes, int advice)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end = addr + page_align_up(bytes);
	bool read = advice == MADV_POPULATE_READ;
	bool write = advice == MADV_POPULATE_WRITE;
	long err;

	if (!read && !write && advice != MADV_REMOVE &&
	    !is_page_advice(advice) && !find_flag_advice(advice))
		return -EINVAL;
	if (!page_aligned(addr) || end < addr || page_align_up(bytes) < bytes)
		return -EINVAL;
	if (read || write)
		return populate(mm, addr, end, read ? ACCESS_READ : ACCESS_WRITE);
	if (advice == MADV_REMOVE)
		return remove_pages(mm, addr, end);
	mutex_lock(&mm->lock);
	err = advise_locked(mm, addr, end, advice);
	mutex_unlock(&mm->lock);
	return err;
}
