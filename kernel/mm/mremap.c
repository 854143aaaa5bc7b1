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
	vaddr_t old_addr, new_addr; /* new_addr: a place or a hint, if @to_new */
	size_t old_bytes, new_bytes;
	int flags;
	bool to_new;   /* MREMAP_FIXED, MREMAP_DONTUNMAP: somewhere else */
	size_t filled; /* with VM_LOCKED: bytes that need no populating */
};

/* -EINVAL for what mremap(2) rules out whatever is mapped. */
static int check_arguments(const struct remap *r)
{
	if (r->flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) ||
	    !page_aligned(r->old_addr) || !r->new_bytes ||
	    r->new_bytes > USER_END)
		return -EINVAL;
	if (!r->to_new)
		return 0;
	if (!page_aligned(r->new_addr) ||
	    r->new_addr > USER_END - r->new_bytes ||
	    !(r->flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if (r->flags & MREMAP_DONTUNMAP && r->old_bytes != r->new_bytes)
		return -EINVAL;
	if (r->new_addr < r->old_addr + r->old_bytes &&
	    r->old_addr < r->new_addr + r->new_bytes)
		return -EINVAL;
	return 0;
}

/* The VMA that the old range starts in, or NULL. */
static struct vma *find_source(const struct remap *r)
{
	struct vma *vma = vma_find(&r->mm->vmas, r->old_addr);

	return vma && vma->start <= r->old_addr ? vma : NULL;
}

/*
 * What growing and moving ask of @vma. -EINVAL: an old size of 0, which means a
 * second view of the same pages, of memory that is not shared; a file whose pages
 * cannot be numbered. -EFAULT: the old range does not end in this VMA. -EAGAIN,
 * -ENOMEM: no more may be locked, or mapped.
 */
static int check_source(const struct remap *r, const struct vma *vma)
{
	size_t from = r->old_addr - vma->start;
	size_t keep = r->old_bytes < r->new_bytes ? r->old_bytes : r->new_bytes;
	size_t more = r->new_bytes - keep;

	if (!r->old_bytes && !(vma->flags & VM_SHARED))
		return -EINVAL;
	if (keep > vma->end - r->old_addr)
		return -EFAULT;
	if (vma->file && vma->file_page + ((from + r->new_bytes) >> PAGE_SHIFT) >
				 1UL << (63 - PAGE_SHIFT))
		return -EINVAL;
	if (!more)
		return 0;
	if (vma->flags & VM_LOCKED && !mm_may_lock(r->mm, more >> PAGE_SHIFT))
		return -EAGAIN;
	return mm_may_grow(r->mm, more >> PAGE_SHIFT, vma->flags) ? 0 : -ENOMEM;
}

/* Grow @vma at its end if that is where the range ends and there is room. */
static bool try_grow_in_place(const struct remap *r, struct vma *vma)
{
	size_t more = r->new_bytes - r->old_bytes;
	vaddr_t end = r->old_addr + r->old_bytes;

	if (!r->old_bytes || end != vma->end || more > USER_END - end ||
	    (vma->next && vma_guarded_start(vma->next) < end + more) ||
	    !mm_may_commit(r->mm, more >> PAGE_SHIFT, vma->flags))
		return false;
	vma_resize(&r->mm->vmas, vma, vma->start, end + more);
	mm_count_pages(r->mm, vma->flags, (int64_t)(more >> PAGE_SHIFT));
	mm_merge(r->mm, vma);
	return true;
}

/* Map the new place as a continuation of what the old one shows. */
static int64_t map_target(const struct remap *r, const struct vma *source)
{
	bool unmaps = !(r->flags & MREMAP_DONTUNMAP);
	struct map_request request = {
		.addr = r->to_new ? r->new_addr : 0,
		.bytes = r->new_bytes,
		.flags = source->flags & ~(VM_HEAP | VM_STACK),
		.fixed = r->flags & MREMAP_FIXED,
		.file = source->file,
		.file_page = source->file_page +
			     ((r->old_addr - source->start) >> PAGE_SHIFT),
		.moved_pages = unmaps ? r->old_bytes >> PAGE_SHIFT : 0,
	};

	return mm_map_locked(r->mm, &request);
}

/*
 * With MREMAP_DONTUNMAP the old range stays, without its pages and its lock. The
 * whole VMA loses that, as on Linux, so nothing has to be split.
 */
static int leave_source(const struct remap *r)
{
	struct vma *vma = find_source(r);

	if (!(r->flags & MREMAP_DONTUNMAP))
		return mm_unmap_locked(r->mm, r->old_addr,
				       r->old_addr + r->old_bytes);
	return mm_set_flags(r->mm, &vma, vma->start, vma->end,
			    vma->flags & ~VM_LOCK_MASK);
}

/* The old range is not longer than the new one any more. */
static int64_t move(const struct remap *r, const struct vma *source)
{
	struct mm_struct *mm = r->mm;
	int64_t target = map_target(r, source);
	vaddr_t new_addr = (vaddr_t)target;
	int err;

	if (target < 0)
		return target;
	err = pgtable_move(mm, r->old_addr, new_addr, r->old_bytes);
	if (!err) {
		err = leave_source(r);
		if (err)
			KASSERT(!pgtable_move(mm, new_addr, r->old_addr,
					      r->old_bytes));
	}
	if (!err)
		return target;
	/* The target is one VMA or the end of a merged one: one split at most. */
	mm_unmap_locked(mm, new_addr, new_addr + r->new_bytes);
	return err;
}

/* MREMAP_FIXED, MREMAP_DONTUNMAP: clear the target and what the size loses. */
static int64_t move_to_new(struct remap *r)
{
	vaddr_t end = r->old_addr + r->old_bytes;
	int err = 0;

	if (r->flags & MREMAP_FIXED)
		err = mm_unmap_locked(r->mm, r->new_addr,
				      r->new_addr + r->new_bytes);
	if (!err && r->new_bytes < r->old_bytes) {
		err = mm_unmap_locked(r->mm, r->old_addr + r->new_bytes, end);
		r->old_bytes = r->new_bytes;
	}
	return err ? err : move(r, find_source(r));
}

static int64_t shrink(const struct remap *r)
{
	int err = mm_unmap_locked(r->mm, r->old_addr + r->new_bytes,
				  r->old_addr + r->old_bytes);

	return err ? err : (int64_t)r->old_addr;
}

static int64_t remap_locked(struct remap *r)
{
	struct vma *vma = find_source(r);
	int err;

	if (!vma)
		return -EFAULT;
	if (!r->to_new && r->new_bytes <= r->old_bytes)
		return shrink(r);
	err = check_source(r, vma);
	if (err)
		return err;
	if (vma->flags & VM_LOCKED)
		r->filled = r->old_bytes;
	if (r->to_new)
		return move_to_new(r);
	if (try_grow_in_place(r, vma))
		return (int64_t)r->old_addr;
	return r->flags & MREMAP_MAYMOVE ? move(r, vma) : -ENOMEM;
}

/*
 * mremap(2). -EINVAL: see check_arguments() and check_source(). -EFAULT: the old
 * range is not one mapping; that does not hinder it from shrinking. -ENOMEM: no
 * room, a limit, or no memory. On failure nothing changed, but that with
 * MREMAP_FIXED the new range may be unmapped, as on Linux.
 */
long sys_mremap(vaddr_t old_addr, size_t old_bytes, size_t new_bytes, int flags,
		vaddr_t new_addr)
{
	struct remap r = {
		.mm = current->mm,
		.old_addr = old_addr,
		.new_addr = new_addr,
		.old_bytes = page_align_up(old_bytes),
		.new_bytes = page_align_up(new_bytes),
		.flags = flags,
		.to_new = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP),
		.filled = SIZE_MAX,
	};
	int64_t ret = check_arguments(&r);

	if (ret)
		return ret;
	mutex_lock(&r.mm->lock);
	ret = remap_locked(&r);
	mutex_unlock(&r.mm->lock);
	if (ret >= 0 && r.filled < r.new_bytes)
		mm_populate(r.mm, (vaddr_t)ret + r.filled,
			    (vaddr_t)ret + r.new_bytes);
	return ret;
}
