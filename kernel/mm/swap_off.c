/*
 * swapoff: bring back what is on an area.
 *
 * The area takes no more pages; then every address space is searched for entries
 * that name one of its slots, and each is replaced by its page; likewise the files
 * of tmpfs. A fork() may copy
 * entries while that goes on, so the search is repeated until no slot is in use.
 */
#include <uapi/errno.h>

#include "file.h"
#include "mm.h"
#include "overcommit.h"
#include "pagewalk.h"
#include "reclaim.h"
#include "signal.h"
#include "swap_area.h"
#include "task.h"
#include "tmpfs_swap.h"
#include "vfs.h"

/* ---- one address space ---- */

struct bringing {
	struct mm_struct *mm;
	const struct vma *vma;
	const struct swap_area *area;
	vaddr_t from; /* before it there is nothing left */
	int err;
};

/* page_walk_fn. After the first failure the rest waits for the next attempt. */
static void bring_back(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	struct bringing *bringing = arg;
	bool from_disk;

	(void)bytes;
	if (bringing->err || !pte_is_swap(*pte) ||
	    pte_swap(*pte) >> 32 != bringing->area->nr)
		return;
	bringing->from = addr;
	bringing->err = mm_swap_in_locked(bringing->mm, bringing->vma, pte,
					  &from_disk);
}

/* As far as there is memory; 0, -ENOMEM, -EIO. */
static int bring_back_locked(struct bringing *bringing)
{
	struct vma *vma = vma_find(&bringing->mm->vmas, bringing->from);

	bringing->err = 0;
	for (; vma && !bringing->err; vma = vma->next) {
		vaddr_t from = vma->start > bringing->from ? vma->start
							   : bringing->from;

		bringing->vma = vma;
		page_walk(bringing->mm, from, vma->end, bring_back, bringing);
	}
	return bringing->err;
}

static int bring_back_mm(struct mm_struct *mm, const struct swap_area *area)
{
	struct bringing bringing = { .mm = mm, .area = area };
	int err;

	do {
		if (signal_pending())
			return -EINTR;
		mutex_lock(&mm->lock);
		err = mm->swap_pages ? bring_back_locked(&bringing) : 0;
		mutex_unlock(&mm->lock);
	} while (err == -ENOMEM && reclaim_frames());
	return err;
}

static int bring_back_all(const struct swap_area *area)
{
	struct mm_struct *mm = mm_first(), *next;
	int err = 0;

	while (mm && !err) {
		err = bring_back_mm(mm, area);
		next = err ? NULL : mm_next(mm);
		mm_put(mm);
		mm = next;
	}
	return err;
}

/* ---- the cache ---- */

/*
 * What no entry names any more leaves the cache; a frame that is mapped stays
 * where it is. What is on its way from or to the disk is left for the next time.
 */
static void forget_cached(struct swap_area *area)
{
	uint32_t slot = 0;

	for (;;) {
		struct frame *frame;

		spin_lock(&swap_lock);
		slot = swap_map_next_used(&area->map, slot + 1);
		frame = slot ? swap_map_frame(&area->map, slot) : NULL;
		if (frame)
			frame_get(frame);
		if (frame && !swap_map_users(&area->map, slot) &&
		    !frame_flag_test(frame, FRAME_FLAG_READING |
						    FRAME_FLAG_WRITING))
			swap_cache_remove_locked(frame);
		spin_unlock(&swap_lock);
		if (frame)
			swap_cache_put(frame);
		if (!slot)
			return;
	}
}

/* ---- swapoff ---- */

static int empty_area(struct swap_area *area)
{
	int err;

	for (;;) {
		err = bring_back_all(area);
		if (!err)
			err = tmpfs_bring_back_area(area->nr);
		if (err)
			return err;
		forget_cached(area);
		if (!area->map.nr_used)
			return 0;
		if (signal_pending())
			return -EINTR;
		/* Somebody is at it: a fork, or the end of a read or write. */
		if (!swap_wait_for_write())
			schedule();
	}
}

/* Under swap_on_lock. */
static struct swap_area *find_area(const struct file *file)
{
	for (unsigned int i = 0; i < SWAP_AREAS_MAX; i++)
		if (swap_areas[i] && swap_areas[i]->file->inode == file->inode)
			return swap_areas[i];
	return NULL;
}

static void set_closing(struct swap_area *area, bool closing)
{
	spin_lock(&swap_lock);
	area->closing = closing;
	spin_unlock(&swap_lock);
}

static int swap_off_locked(const struct file *file)
{
	struct swap_area *area = find_area(file);
	int err;

	if (!area)
		return -EINVAL;
	/* Linux asks the same: can as much as it holds be promised once more? */
	if (!overcommit_allows(area->map.nr_good,
			       current->mm ? current->mm->total_pages : 0))
		return -ENOMEM;
	set_closing(area, true);
	err = empty_area(area);
	if (err) {
		set_closing(area, false);
		return err;
	}
	spin_lock(&swap_lock);
	swap_areas[area->nr] = NULL;
	spin_unlock(&swap_lock);
	swap_area_destroy(area);
	return 0;
}

int swap_off(const char *path)
{
	struct file *file;
	int err = vfs_open(AT_FDCWD, path, O_RDWR, 0, &file);

	if (err)
		return err;
	mutex_lock(&swap_on_lock);
	err = swap_off_locked(file);
	mutex_unlock(&swap_on_lock);
	file_put(file);
	return err;
}
