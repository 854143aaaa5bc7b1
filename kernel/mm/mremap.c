/*
 * mremap: resize a mapping, in place or by moving it.
 *
 * A move copies no bytes. The page-table entries change places, so a gigabyte
 * moves at the price of its entries:
 *
 *	old  |AAAA|X|     X is in the way     new  |AAAA.....|
 *	pt    1234        -- entries -->      pt    1234
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "mm.h"
#include "panic.h"
#include "pgtable.h"
#include "task.h"
#include "vma_edit.h"

/* The arguments of one call, checked and rounded to pages. */
struct remap {
	struct mm_struct *mm;
	vaddr_t old_addr, new_addr; /* new_addr: with MREMAP_FIXED */
	size_t old_bytes, new_bytes;
	int flags;
};

/* -EINVAL for what mremap(2) rules out whatever is mapped. */
static int check_arguments(const struct remap *r)
{
	if (r->flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) ||
	    !page_aligned(r->old_addr) || !r->new_bytes || !r->old_bytes)
		return -EINVAL;
	if (r->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) &&
	    !(r->flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if (r->flags & MREMAP_DONTUNMAP && r->old_bytes != r->new_bytes)
		return -EINVAL;
	if (!(r->flags & MREMAP_FIXED))
		return 0;
	if (!page_aligned(r->new_addr) || r->new_bytes > USER_END ||
	    r->new_addr > USER_END - r->new_bytes)
		return -EINVAL;
	if (r->new_addr < r->old_addr + r->old_bytes &&
	    r->old_addr < r->new_addr + r->new_bytes)
		return -EINVAL;
	return 0;
}

/* The VMA that covers the old range whole, or NULL. */
static struct vma *find_source(const struct remap *r)
{
	struct vma *vma = vma_find(&r->mm->vmas, r->old_addr);

	if (!vma || vma->start > r->old_addr ||
	    r->old_bytes > vma->end - r->old_addr)
		return NULL;
	return vma;
}

/* Grow @vma at its end if that is where the range ends and there is room. */
static bool try_grow_in_place(const struct remap *r, struct vma *vma)
{
	size_t more = r->new_bytes - r->old_bytes;
	vaddr_t end = r->old_addr + r->old_bytes;

	if (end != vma->end || more > USER_END - end ||
	    (vma->next && vma_guarded_start(vma->next) < end + more))
		return false;
	vma_resize(&r->mm->vmas, vma, vma->start, end + more);
	mm_count_pages(r->mm, vma->flags, (int64_t)(more >> PAGE_SHIFT));
	mm_merge(r->mm, vma);
	return true;
}

/* Map the new place as a continuation of what the old one shows. */
static int64_t map_target(const struct remap *r, const struct vma *source)
{
	struct map_request request = {
		.addr = r->new_addr,
		.bytes = r->new_bytes,
		.flags = source->flags & ~(VM_HEAP | VM_STACK),
		.fixed = r->flags & MREMAP_FIXED,
		.file = source->file,
		.file_page = source->file_page +
			     ((r->old_addr - source->start) >> PAGE_SHIFT),
	};

	return mm_map_locked(r->mm, &request);
}

static int64_t move(const struct remap *r)
{
	size_t keep = r->old_bytes < r->new_bytes ? r->old_bytes : r->new_bytes;
	struct mm_struct *mm = r->mm;
	int64_t target = map_target(r, find_source(r));
	vaddr_t new_addr = (vaddr_t)target;
	int err;

	if (target < 0)
		return target;
	err = pgtable_move(mm, r->old_addr, new_addr, keep);
	if (!err && !(r->flags & MREMAP_DONTUNMAP)) {
		err = mm_unmap_locked(mm, r->old_addr,
				      r->old_addr + r->old_bytes);
		if (err)
			KASSERT(!pgtable_move(mm, new_addr, r->old_addr, keep));
	}
	if (!err)
		return target;
	/* The target is one VMA or the end of a merged one: one split at most. */
	mm_unmap_locked(mm, new_addr, new_addr + r->new_bytes);
	return err;
}

static int64_t remap_locked(const struct remap *r)
{
	struct mm_struct *mm = r->mm;
	vaddr_t end = r->old_addr + r->old_bytes;
	struct vma *vma = find_source(r);
	int err;

	if (!vma)
		return -EFAULT;
	if (r->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return move(r);
	if (r->new_bytes <= r->old_bytes) {
		err = mm_unmap_locked(mm, r->old_addr + r->new_bytes, end);
		return err ? err : (int64_t)r->old_addr;
	}
	if (!mm_may_grow(mm, (r->new_bytes - r->old_bytes) >> PAGE_SHIFT,
			 vma->flags))
		return -ENOMEM;
	if (try_grow_in_place(r, vma))
		return (int64_t)r->old_addr;
	return r->flags & MREMAP_MAYMOVE ? move(r) : -ENOMEM;
}

/*
 * mremap(2). -EINVAL: see check_arguments(); -EFAULT: the old range is not one
 * mapping; -ENOMEM: no room, a limit, or no memory. On failure nothing changed,
 * but that with MREMAP_FIXED the new range may be unmapped, as on Linux.
 */
long sys_mremap(vaddr_t old_addr, size_t old_bytes, size_t new_bytes, int flags,
		vaddr_t new_addr)
{
	struct remap r = {
		.mm = current->mm,
		.old_addr = old_addr,
		.new_addr = flags & MREMAP_FIXED ? new_addr : 0,
		.old_bytes = page_align_up(old_bytes),
		.new_bytes = page_align_up(new_bytes),
		.flags = flags,
	};
	int64_t ret = check_arguments(&r);

	if (ret)
		return ret;
	mutex_lock(&r.mm->lock);
	ret = remap_locked(&r);
	mutex_unlock(&r.mm->lock);
	return ret;
}
