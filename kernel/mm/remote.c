/*
 * Reading and writing another address space, page by page.
 *
 * Its tables are not the ones that are loaded, so the bytes are reached through
 * the direct map. A reference keeps the frame while they are copied, for which
 * no lock is held: the near side is user memory, too, and may fault.
 */
#include "remote.h"

#include <uapi/errno.h>

#include "frame.h"
#include "io_buf.h"
#include "mm.h"
#include "pgtable.h"
#include "reclaim.h"
#include "swap.h"

/* What is mapped at @addr if it is there for @access already, or NULL. */
static struct frame *find_frame(struct mm_struct *mm, vaddr_t addr,
				unsigned int access)
{
	pte_t *pte;

	/* One page of it gets a reference: then it is no part of a block. */
	pgtable_split_page(mm, addr);
	pte = pgtable_find(mm, addr);
	if (!pte || !pte_present(*pte) ||
	    (access & ACCESS_WRITE && !pte_writable(*pte)))
		return NULL;
	if (access & ACCESS_WRITE)
		*pte = pte_mkdirty(*pte); /* as the CPU would */
	return pfn_to_frame(pte_pfn(*pte));
}

static int get_frame_locked(struct mm_struct *mm, vaddr_t addr,
			    unsigned int access, struct frame **frame)
{
	const struct vma *vma = vma_find(&mm->vmas, addr);

	if (!vma || vma->start > addr || !(vma->flags & access))
		return -EFAULT;
	*frame = find_frame(mm, addr, access);
	if (!*frame) {
		int err = mm_fault_locked(mm, addr, access);

		if (err)
			return err == -ENOMEM ? err : -EFAULT;
		*frame = find_frame(mm, addr, access);
	}
	frame_get(*frame);
	return 0;
}

int remote_get_frame(struct mm_struct *mm, vaddr_t addr, unsigned int access,
		     struct frame **frame)
{
	int err;

	if (addr >= USER_END)
		return -EFAULT;
	do {
		mutex_lock(&mm->lock);
		err = get_frame_locked(mm, addr, access, frame);
		mutex_unlock(&mm->lock);
	} while (err == -ENOMEM && reclaim_frames());
	return err ? -EFAULT : 0;
}

static size_t page_share(vaddr_t addr, size_t bytes)
{
	size_t room = PAGE_SIZE - (addr & (PAGE_SIZE - 1));

	return bytes < room ? bytes : room;
}

static char *byte_at(struct frame *frame, vaddr_t addr)
{
	return (char *)frame_to_virt(frame) + (addr & (PAGE_SIZE - 1));
}

size_t remote_read(struct mm_struct *mm, vaddr_t addr, struct io_buf *to,
		   size_t bytes)
{
	size_t done = 0;

	while (done < bytes) {
		size_t n = page_share(addr + done, bytes - done), copied;
		struct frame *frame;

		if (remote_get_frame(mm, addr + done, ACCESS_READ, &frame))
			break;
		copied = io_put(to, byte_at(frame, addr + done), n);
		mapped_frame_put(frame);
		done += copied;
		if (copied < n)
			break;
	}
	return done;
}

size_t remote_write(struct mm_struct *mm, vaddr_t addr, struct io_buf *from,
		    size_t bytes)
{
	size_t done = 0;

	while (done < bytes) {
		size_t n = page_share(addr + done, bytes - done), copied;
		struct frame *frame;

		if (remote_get_frame(mm, addr + done, ACCESS_WRITE, &frame))
			break;
		copied = io_get(byte_at(frame, addr + done), from, n);
		mapped_frame_put(frame);
		done += copied;
		if (copied < n)
			break;
	}
	return done;
}
