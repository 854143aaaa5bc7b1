/*
 * Populating: take the faults of a range now instead of one by one later. What
 * MAP_POPULATE, MAP_LOCKED, mlock and MADV_POPULATE_* have in common.
 */
#include <uapi/errno.h>

#include "mm.h"
#include "pgtable.h"
#include "reclaim.h"
#include "task.h"

/* Whether the page at @addr needs no fault for @access. */
static bool is_there(const struct mm_struct *mm, vaddr_t addr,
		     unsigned int access)
{
	pte_t pte = pgtable_get(mm, addr);

	return pte_present(pte) &&
	       (!(access & ACCESS_WRITE) || pte_writable(pte));
}

/* A task that is to die need not finish first. */
static bool interrupted(void)
{
	return current->work & TASK_SIGPENDING && signal_fatal_pending();
}

/*
 * Caller holds mm->lock; [start, end) lies in one VMA. After -ENOMEM it may let go
 * of the lock, reclaim and call again: what is there is passed over.
 */
static int populate_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			   unsigned int access)
{
	for (vaddr_t addr = start; addr < end; addr += PAGE_SIZE) {
		int err;

		if (is_there(mm, addr, access))
			continue;
		if (interrupted())
			return -EINTR;
		err = mm_fault_locked(mm, addr, access);
		if (err)
			return err;
	}
	return 0;
}

/*
 * The access that breaks copy-on-write, where that is coming anyway. Any right
 * lets a page be read, as for the CPU; without one it is -EACCES.
 */
static unsigned int access_for(const struct vma *vma)
{
	if ((vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
		return ACCESS_WRITE;
	return ACCESS_READ;
}

int mm_populate_vma_locked(struct mm_struct *mm, const struct vma *vma,
			   vaddr_t start, vaddr_t end)
{
	vaddr_t from = vma->start > start ? vma->start : start;
	vaddr_t to = vma->end < end ? vma->end : end;

	if (vma->flags & VM_LOCKONFAULT)
		return 0;
	return populate_locked(mm, from, to, access_for(vma));
}

int mm_populate(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	int err;

	do {
		err = 0;
		mutex_lock(&mm->lock);
		for (struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
		     vma && vma->start < end && !err; vma = vma->next)
			err = mm_populate_vma_locked(mm, vma, start, end);
		mutex_unlock(&mm->lock);
	} while (err == -ENOMEM && reclaim_frames());
	return err;
}

static int populate_mlocked_once(struct mm_struct *mm, vaddr_t start,
				 vaddr_t end)
{
	int err = 0;

	mutex_lock(&mm->lock);
	for (struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	     vma && vma->start < end && err != -EINTR && err != -ENOMEM;
	     vma = vma->next)
		if (vma->flags & VM_LOCKED)
			err = mm_populate_vma_locked(mm, vma, start, end);
	mutex_unlock(&mm->lock);
	return err;
}

void mm_populate_mlocked(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	while (populate_mlocked_once(mm, start, end) == -ENOMEM &&
	       reclaim_frames())
		;
}

/* *@start: where it ended. *@hole: there nothing is mapped. */
static int populate_access_locked(struct mm_struct *mm, vaddr_t *start,
				  vaddr_t end, unsigned int access, bool *hole)
{
	while (*start < end) {
		struct vma *vma = vma_find(&mm->vmas, *start);
		vaddr_t to = vma && vma->end < end ? vma->end : end;
		int err;

		*hole = !vma || vma->start > *start;
		if (*hole)
			return -ENOMEM;
		if (!(vma->flags & access))
			return -EACCES;
		err = populate_locked(mm, *start, to, access);
		if (err)
			return err;
		*start = to;
	}
	return 0;
}

int mm_populate_access(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		       unsigned int access)
{
	bool hole = false;
	int err;

	do {
		mutex_lock(&mm->lock);
		err = populate_access_locked(mm, &start, end, access, &hole);
		mutex_unlock(&mm->lock);
	} while (err == -ENOMEM && !hole && reclaim_frames());
	return err;
}
