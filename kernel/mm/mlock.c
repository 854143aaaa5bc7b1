/*
 * mlock: pages that stay in memory.
 *
 * A VMA with VM_LOCKED is filled at once, unless VM_LOCKONFAULT leaves that to
 * the first touch, and reclaim passes over it. Locks do not nest: one munlock()
 * undoes any number of mlock(). A child of fork() inherits none.
 *
 * RLIMIT_MEMLOCK limits who lacks CAP_IPC_LOCK, which root has: no lock at all
 * with a limit of 0, else no more pages than that, those counted once that are
 * locked twice.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "mm.h"
#include "task.h"
#include "vma_edit.h"

static unsigned int vm_flags_of(int onfault)
{
	return onfault ? VM_LOCK_MASK : VM_LOCKED;
}

/*
 * Replace the lock flags of [start, end) by @lock. As on Linux the first hole
 * ends the work, and what lies before it has changed: -ENOMEM.
 */
static int set_lock_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			   unsigned int lock)
{
	struct vma *vma = vma_find(&mm->vmas, start);

	while (start < end) {
		int err;

		if (!vma || vma->start > start)
			return -ENOMEM;
		err = mm_set_flags(mm, &vma, start, end,
				   (vma->flags & ~VM_LOCK_MASK) | lock);
		if (err)
			return err;
		start = vma->end;
		vma = vma->next;
	}
	return 0;
}

/* The range of whole pages that @addr and @bytes touch. -EINVAL: it wraps. */
static int round_range(vaddr_t *addr, vaddr_t *end, size_t bytes)
{
	vaddr_t start = page_align_down(*addr);

	*end = start + page_align_up(bytes + (*addr - start));
	*addr = start;
	return *end < start ? -EINVAL : 0;
}

/* Pages of [start, end) that are locked already. */
static uint64_t count_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	uint64_t pages = 0;

	for (const struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	     vma && vma->start < end; vma = vma->next) {
		vaddr_t from = vma->start > start ? vma->start : start;
		vaddr_t to = vma->end < end ? vma->end : end;

		if (vma->flags & VM_LOCKED)
			pages += (to - from) >> PAGE_SHIFT;
	}
	return pages;
}

/* 0, or -ENOMEM: [start, end) would be more than RLIMIT_MEMLOCK allows. */
static int check_limit(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	uint64_t pages = (end - start) >> PAGE_SHIFT;

	if (mm_may_lock(mm, pages))
		return 0;
	return mm_may_lock(mm, pages - count_locked(mm, start, end)) ? 0
								     : -ENOMEM;
}

static long set_lock(vaddr_t start, size_t bytes, unsigned int lock)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end;
	int err;

	if (lock && !may_mlock())
		return -EPERM;
	err = round_range(&start, &end, bytes);
	if (err)
		return err;
	mutex_lock(&mm->lock);
	if (lock)
		err = check_limit(mm, start, end);
	if (!err)
		err = set_lock_locked(mm, start, end, lock);
	mutex_unlock(&mm->lock);
	if (err || !(lock & VM_LOCKED))
		return err;
	/* POSIX has its own words for what a fault could not do. */
	err = mm_populate(mm, start, end);
	if (err == -ENOMEM)
		return -EAGAIN;
	return err && err != -EINTR ? -ENOMEM : err;
}

/*
 * mlock(2). -EINVAL: the range wraps. -EPERM, -ENOMEM: RLIMIT_MEMLOCK. -ENOMEM: a
 * hole, or pages that cannot be touched; the VMAs are locked all the same. -EAGAIN: no memory for all pages.
 */
long sys_mlock(vaddr_t addr, size_t bytes)
{
	return set_lock(addr, bytes, VM_LOCKED);
}

long sys_mlock2(vaddr_t addr, size_t bytes, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return set_lock(addr, bytes, vm_flags_of(flags & MLOCK_ONFAULT));
}

long sys_munlock(vaddr_t addr, size_t bytes)
{
	return set_lock(addr, bytes, 0);
}

/* Every VMA; where there is no memory for a change, it stays as it was. */
static void set_lock_all_locked(struct mm_struct *mm, unsigned int lock)
{
	for (struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		mm_set_flags(mm, &vma, vma->start, vma->end,
			     (vma->flags & ~VM_LOCK_MASK) | lock);
}

/*
 * mlockall(2): what is mapped, what will be, or both. -EINVAL: neither. -EPERM,
 * -ENOMEM: RLIMIT_MEMLOCK.
 */
long sys_mlockall(int flags)
{
	struct mm_struct *mm = current->mm;
	unsigned int lock = vm_flags_of(flags & MCL_ONFAULT);

	if (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) ||
	    !(flags & (MCL_CURRENT | MCL_FUTURE)))
		return -EINVAL;
	if (!may_mlock())
		return -EPERM;
	mutex_lock(&mm->lock);
	if (flags & MCL_CURRENT &&
	    !mm_may_lock(mm, mm->total_pages - mm->locked_pages)) {
		mutex_unlock(&mm->lock);
		return -ENOMEM;
	}
	mm->def_flags = flags & MCL_FUTURE ? lock : 0;
	if (flags & MCL_CURRENT)
		set_lock_all_locked(mm, lock);
	mutex_unlock(&mm->lock);
	if (flags & MCL_CURRENT)
		mm_populate_mlocked(mm, 0, USER_END);
	return 0;
}

long sys_munlockall(void)
{
	struct mm_struct *mm = current->mm;

	mutex_lock(&mm->lock);
	mm->def_flags = 0;
	set_lock_all_locked(mm, 0);
	mutex_unlock(&mm->lock);
	return 0;
}
