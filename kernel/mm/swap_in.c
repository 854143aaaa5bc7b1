/*
 * Bringing a page back into the address space that it was taken from.
 */
#include <uapi/errno.h>

#include "lock.h"
#include "mm.h"
#include "pgtable.h"
#include "swap.h"

/*
 * What the entry may allow until somebody writes: then it is seen whether the
 * frame may be kept or must be copied.
 */
static unsigned int read_rights(const struct vma *vma)
{
	unsigned int rights = vma->flags & VM_ACCESS;

	if (rights & VM_WRITE)
		rights = (rights & ~VM_WRITE) | VM_READ;
	return rights;
}

int mm_swap_in_locked(struct mm_struct *mm, const struct vma *vma, pte_t *pte,
		      bool *from_disk)
{
	swap_t entry = pte_swap(*pte);
	struct frame *frame;
	bool keeps;
	int err;

	assert_held(&mm->lock);
	err = swap_in(entry, &frame, from_disk);
	if (err)
		return err;
	*pte = pte_make(frame_to_pfn(frame), read_rights(vma));
	mm->swap_pages--;
	mm_count_rss(mm, RSS_ANON, 1);
	/* What mlock keeps in memory has no use for a slot. */
	keeps = swap_keeps(entry) && !(vma->flags & VM_LOCKED);
	swap_put(entry);
	if (!keeps)
		swap_try_own(frame);
	return 0;
}

pte_t mm_peek_locked(struct mm_struct *mm, vaddr_t addr)
{
	pte_t *pte = pgtable_find(mm, addr);
	bool from_disk;

	if (pte && pte_is_swap(*pte))
		mm_swap_in_locked(mm, vma_find(&mm->vmas, addr), pte,
				  &from_disk);
	return pgtable_get(mm, addr);
}
