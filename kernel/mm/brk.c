/*
 * brk: the heap that malloc grows.
 *
 *	start_brk                    brk      page_align_up(brk)
 *	    |======= heap VMA =========|...........|
 *
 * The break is exact to the byte; the VMA ends at the page above. Growing only
 * moves the VMA's end, so it costs the same for a page and for a gigabyte: the
 * frames come with the first touch. Shrinking gives them back.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>

#include "mm.h"
#include "task.h"
#include "vma_edit.h"

#define HEAP_FLAGS (VM_READ | VM_WRITE | VM_ACCOUNT | VM_HEAP)

/* Whether the data segment with the heap up to @new_brk respects RLIMIT_DATA. */
static bool within_data_limit(const struct mm_struct *mm, vaddr_t new_brk)
{
	uint64_t limit = task_rlimit(RLIMIT_DATA);
	uint64_t data = mm->end_data - mm->start_data;
	uint64_t heap = new_brk - mm->start_brk;

	return data <= limit && heap <= limit - data;
}

/* The VM_* of the heap's next page. */
static unsigned int heap_flags(const struct mm_struct *mm)
{
	return HEAP_FLAGS | mm->def_flags;
}

/* Extend the heap from @old_end to @new_end, page borders. 0 or -ENOMEM. */
static int grow_heap(struct mm_struct *mm, vaddr_t old_end, vaddr_t new_end)
{
	struct vma *next = vma_find(&mm->vmas, old_end);
	struct vma *heap = next ? next->prev : mm->vmas.last;
	uint64_t pages = (new_end - old_end) >> PAGE_SHIFT;
	struct map_request request = {
		.addr = old_end,
		.bytes = new_end - old_end,
		.flags = heap_flags(mm),
		.fixed = true,
		.no_replace = true,
	};
	int64_t addr;

	/* A page stays free above the heap, as on Linux, or a whole guard gap. */
	if (new_end > USER_END - PAGE_SIZE ||
	    (next && vma_guarded_start(next) < new_end + PAGE_SIZE) ||
	    !mm_may_grow(mm, pages, request.flags) ||
	    (request.flags & VM_LOCKED && !mm_may_lock(mm, pages)) ||
	    !mm_may_commit(mm, pages, request.flags))
		return -ENOMEM;
	if (heap && heap->end == old_end && heap->flags == request.flags) {
		vma_resize(&mm->vmas, heap, heap->start, new_end);
		mm_count_pages(mm, request.flags, (int64_t)pages);
		return 0;
	}
	addr = mm_map_locked(mm, &request);
	return addr < 0 ? (int)addr : 0;
}

static int set_brk_locked(struct mm_struct *mm, vaddr_t new_brk)
{
	vaddr_t old_end = page_align_up(mm->brk);
	vaddr_t new_end = page_align_up(new_brk);
	int err = 0;

	if (new_brk < mm->start_brk || new_brk > USER_END ||
	    (new_brk > mm->brk && !within_data_limit(mm, new_brk)))
		return -ENOMEM;
	if (new_end < old_end)
		err = mm_unmap_locked(mm, new_end, old_end);
	else if (new_end > old_end)
		err = grow_heap(mm, old_end, new_end);
	if (!err)
		mm->brk = new_brk;
	return err;
}

/*
 * The kernel's brk, which differs from the library's: it answers the break that
 * holds afterwards, the old one when it could not be moved.
 */
long sys_brk(vaddr_t new_brk)
{
	struct mm_struct *mm = current->mm;
	vaddr_t old_brk, brk;
	bool locked;

	mutex_lock(&mm->lock);
	old_brk = mm->brk;
	set_brk_locked(mm, new_brk);
	brk = mm->brk;
	locked = mm->def_flags & VM_LOCKED;
	mutex_unlock(&mm->lock);
	if (locked && brk > old_brk)
		mm_populate(mm, page_align_up(old_brk), page_align_up(brk));
	return (long)brk;
}
