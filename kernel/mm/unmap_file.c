/*
 * Taking pages of a file out of every address space that shows them.
 *
 * Who shows them is found by looking at the VMAs of every process, as reclaim
 * does: a list of mappings in each file would be edited at every mmap, munmap
 * and fork, and truncating a mapped file is rare.
 */
#include "unmap_file.h"

#include "file.h"
#include "frame.h"
#include "mm.h"
#include "pagewalk.h"
#include "pgtable.h"
#include "task.h"

/* page_walk_fn: forget a page of the file; copies stay. */
static void drop_page(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	struct mm_struct *mm = arg;
	struct frame *frame;

	(void)bytes; /* large pages show no file */
	if (!pte_has_frame(*pte))
		return;
	frame = pfn_to_frame(pte_pfn(*pte));
	if (frame_is_anon(frame))
		return;
	*pte = 0;
	mm_count_rss(mm, rss_kind_of(frame), -1);
	if (mm_is_loaded(mm))
		tlb_flush_page(addr);
	frame_put(frame);
}

/* The part of @vma that shows pages [first, end) of its file. */
static void unmap_vma(struct mm_struct *mm, const struct vma *vma,
		      uint64_t first, uint64_t end, bool copies)
{
	uint64_t vma_first = vma->file_page;
	uint64_t vma_end = vma_first + ((vma->end - vma->start) >> PAGE_SHIFT);
	vaddr_t from, to;

	if (first < vma_first)
		first = vma_first;
	if (end > vma_end)
		end = vma_end;
	if (first >= end)
		return;
	from = vma->start + ((first - vma_first) << PAGE_SHIFT);
	to = vma->start + ((end - vma_first) << PAGE_SHIFT);
	if (copies)
		pgtable_unmap(mm, from, to);
	else
		page_walk(mm, from, to, drop_page, mm);
}

static void unmap_mm(struct mm_struct *mm, const struct inode *inode,
		     uint64_t first, uint64_t end, bool copies)
{
	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		if (vma->file && vma->file->inode == inode)
			unmap_vma(mm, vma, first, end, copies);
	mutex_unlock(&mm->lock);
}

void unmap_file_pages(struct inode *inode, uint64_t first, uint64_t end,
		      bool copies)
{
	struct task *task;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		struct mm_struct *mm = task_mm_get_locked(task);

		if (!mm)
			continue;
		unmap_mm(mm, inode, first, end, copies);
		mm_put(mm);
	}
	mutex_unlock(&tasklist_lock);
}

static bool mm_maps_writable(struct mm_struct *mm, const struct inode *inode)
{
	bool found = false;

	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		found |= vma->file && vma->file->inode == inode &&
			 (vma->flags & (VM_SHARED | VM_DENY_WRITE)) == VM_SHARED;
	mutex_unlock(&mm->lock);
	return found;
}

bool file_is_mapped_writable(struct inode *inode)
{
	struct task *task;
	bool found = false;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		struct mm_struct *mm = task_mm_get_locked(task);

		if (!mm)
			continue;
		found |= mm_maps_writable(mm, inode);
		mm_put(mm);
	}
	mutex_unlock(&tasklist_lock);
	return found;
}
