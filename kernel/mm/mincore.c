/*
 * mincore: which pages of a range are in memory.
 *
 * One byte per page, bit 0: a touch would find the page there, in the page table
 * or, for a mapped file, in the cache. A page without either is 0, also one that
 * was promised and never touched.
 */
#include <uapi/errno.h>

#include "file.h"
#include "kmalloc.h"
#include "mm.h"
#include "pgtable.h"
#include "swap.h"
#include "task.h"
#include "uaccess.h"

#define CHUNK_PAGES 512 /* answered at a time, without mm->lock in between */

/* Whether the file behind @vma has the page at @addr in memory. */
static bool is_cached(const struct vma *vma, vaddr_t addr)
{
	uint64_t index = vma->file_page + ((addr - vma->start) >> PAGE_SHIFT);
	struct inode *inode = vma->file->inode;
	const struct frame *frame;
	bool cached;

	mutex_lock(&inode->lock);
	frame = page_tree_find(&inode->pages, index);
	cached = page_tree_is_swap(frame)
			 ? swap_in_memory(page_tree_swap(frame))
			 : frame &&
				   !frame_flag_test(frame, FRAME_FLAG_RESERVED);
	mutex_unlock(&inode->lock);
	return cached;
}

static bool is_resident(const struct mm_struct *mm, const struct vma *vma,
			vaddr_t addr)
{
	pte_t pte = pgtable_get(mm, addr);

	if (pte_is_swap(pte))
		return swap_in_memory(pte_swap(pte));
	if (!pte_none(pte))
		return pte_has_frame(pte);
	return vma->file && S_ISREG(vma->file->inode->mode) &&
	       is_cached(vma, addr);
}

/* Answer for up to @nr pages from @addr on; how many there are before a hole. */
static size_t look(struct mm_struct *mm, vaddr_t addr, size_t nr,
		   uint8_t *vector)
{
	size_t i;

	mutex_lock(&mm->lock);
	for (i = 0; i < nr; i++, addr += PAGE_SIZE) {
		const struct vma *vma = vma_find(&mm->vmas, addr);

		if (!vma || vma->start > addr)
			break;
		vector[i] = is_resident(mm, vma, addr);
	}
	mutex_unlock(&mm->lock);
	return i;
}

static int fill(vaddr_t addr, size_t pages, vaddr_t user_vector,
		uint8_t *vector)
{
	while (pages) {
		size_t nr = pages < CHUNK_PAGES ? pages : CHUNK_PAGES;
		size_t seen = look(current->mm, addr, nr, vector);

		if (copy_to_user(user_vector, vector, seen))
			return -EFAULT;
		if (seen < nr)
			return -ENOMEM;
		addr += nr << PAGE_SHIFT;
		user_vector += nr;
		pages -= nr;
	}
	return 0;
}

/*
 * mincore(2). -EINVAL: @addr within a page. -ENOMEM: a page is not mapped.
 * -EFAULT: @user_vector cannot be written.
 */
long sys_mincore(vaddr_t addr, size_t bytes, vaddr_t user_vector)
{
	size_t pages = (bytes >> PAGE_SHIFT) + !page_aligned(bytes);
	uint8_t *vector;
	int err;

	if (!page_aligned(addr))
		return -EINVAL;
	if (!user_range_ok(addr, bytes))
		return -ENOMEM;
	if (!user_range_ok(user_vector, pages))
		return -EFAULT;
	vector = kmalloc(CHUNK_PAGES);
	if (!vector)
		return -EAGAIN;
	err = fill(addr, pages, user_vector, vector);
	kfree(vector);
	return err;
}
