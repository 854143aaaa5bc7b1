/*
 * Editing the VMAs of an mm. See vma_edit.h.
 */
#include "vma_edit.h"

#include <uapi/errno.h>
#include <uapi/resource.h>

#include "cred.h"
#include "file.h"
#include "kmalloc.h"
#include "pgtable.h"
#include "task.h"

int max_map_count = 65530; /* Linux's default */

struct vma *vma_create(const struct vma *like)
{
	struct vma *vma = kmalloc(sizeof(*vma));

	if (!vma)
		return NULL;
	*vma = *like;
	if (vma->file)
		file_get(vma->file);
	return vma;
}

void vma_destroy(struct vma *vma)
{
	if (vma->file)
		file_put(vma->file);
	kfree(vma);
}

bool mm_may_grow(const struct mm_struct *mm, uint64_t pages, unsigned int flags)
{
	uint64_t limit = task_rlimit(RLIMIT_AS) >> PAGE_SHIFT;

	if (pages > limit || mm->total_pages > limit - pages)
		return false;
	if (!vm_is_data(flags))
		return true;
	limit = task_rlimit(RLIMIT_DATA) >> PAGE_SHIFT;
	return pages <= limit && mm->data_pages <= limit - pages;
}

bool may_mlock(void)
{
	return task_rlimit(RLIMIT_MEMLOCK) || capable(CAP_IPC_LOCK);
}

bool mm_may_lock(const struct mm_struct *mm, uint64_t pages)
{
	uint64_t limit = task_rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;

	return (pages <= limit && mm->locked_pages <= limit - pages) ||
	       capable(CAP_IPC_LOCK);
}

void mm_count_pages(struct mm_struct *mm, unsigned int flags, int64_t delta)
{
	mm->total_pages += (uint64_t)delta;
	if (vm_is_data(flags))
		mm->data_pages += (uint64_t)delta;
	if (flags & VM_GROWSDOWN)
		mm->stack_pages += (uint64_t)delta;
	if (flags & VM_LOCKED)
		mm->locked_pages += (uint64_t)delta;
	if (flags & VM_ACCOUNT) {
		mm->committed_pages += (uint64_t)delta;
		overcommit_count(delta);
	}
	if (mm->total_pages > mm->max_total_pages)
		mm->max_total_pages = mm->total_pages;
}

int mm_split(struct mm_struct *mm, struct vma *vma, vaddr_t addr)
{
	struct vma *upper;

	if (mm->vmas.nr >= (size_t)max_map_count)
		return -ENOMEM;
	upper = vma_create(vma);
	if (!upper)
		return -ENOMEM;
	vma_split(&mm->vmas, vma, addr, upper);
	pgtable_split_at(mm, addr);
	return 0;
}

/* Join @right to @left if they are alike; the one that covers both, or @left. */
static struct vma *merge_pair(struct mm_struct *mm, struct vma *left,
			      struct vma *right)
{
	vaddr_t end;

	if (!left || !right || !vma_can_merge(left, right))
		return left;
	end = right->end;
	vma_remove(&mm->vmas, right);
	vma_destroy(right);
	vma_resize(&mm->vmas, left, left->start, end);
	return left;
}

struct vma *mm_merge(struct mm_struct *mm, struct vma *vma)
{
	struct vma *left = vma->prev;

	merge_pair(mm, vma, vma->next);
	if (left && vma_can_merge(left, vma))
		return merge_pair(mm, left, vma);
	return vma;
}

int mm_isolate(struct mm_struct *mm, struct vma **vma, vaddr_t start,
	       vaddr_t end)
{
	int err;

	if ((*vma)->start < start) {
		err = mm_split(mm, *vma, start);
		if (err)
			return err;
		*vma = (*vma)->next;
	}
	return (*vma)->end > end ? mm_split(mm, *vma, end) : 0;
}

void mm_change_flags(struct mm_struct *mm, struct vma *vma, unsigned int flags)
{
	mm_count_pages(mm, vma->flags, -vma_pages(vma));
	vma->flags = flags;
	mm_count_pages(mm, vma->flags, vma_pages(vma));
}

int mm_set_flags(struct mm_struct *mm, struct vma **vma, vaddr_t start,
		 vaddr_t end, unsigned int flags)
{
	int err;

	if (flags == (*vma)->flags)
		return 0;
	err = mm_isolate(mm, vma, start, end);
	if (err)
		return err;
	mm_change_flags(mm, *vma, flags);
	*vma = mm_merge(mm, *vma);
	return 0;
}

/* Both splits or none: when the second fails, a merge undoes the first. */
int mm_split_borders(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find(&mm->vmas, start);
	struct vma *last;
	int err;

	if (vma && vma->start < start) {
		err = mm_split(mm, vma, start);
		if (err)
			return err;
	}
	last = vma_find(&mm->vmas, end - 1);
	if (last && last->start < end && last->end > end) {
		err = mm_split(mm, last, end);
		if (err) {
			if (vma && vma->end == start)
				merge_pair(mm, vma, vma->next);
			return err;
		}
	}
	return 0;
}
