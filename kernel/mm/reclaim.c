/*
 * Reclaim.
 *
 * All pages in the page cache are clean: giving one up costs nothing now, and a
 * read from the disk if it is wanted again. A page that programs have mapped is
 * first taken out of their page tables. Who has mapped it is found by walking
 * the tables of every address space, not by a list from each frame to its
 * mappings: the list would have to be kept up to date at every fault and fork,
 * which happen all the time, while memory runs out rarely.
 */
#include "reclaim.h"

#include "mm.h"
#include "page_cache.h"
#include "pgtable.h"
#include "task.h"

/* How many frames are given back at a time: enough for a while, not all. */
#define BATCH_FRAMES 64
#define AHEAD_FRAMES 16

#define MIN_FREE_SHARE 128 /* of RAM */

/* The first round over the tables clears the accessed bits, the second acts. */
#define ROUNDS 2

uint64_t min_free_frames;

void reclaim_init(void)
{
	min_free_frames = ledger.total / MIN_FREE_SHARE;
}

/* ---- mapped pages ---- */

/*
 * Unmap what @mm has not used lately, unless mlock() has promised that it stays;
 * how many pages lost their mapping.
 */
static size_t age_mm(struct mm_struct *mm)
{
	size_t nr = 0;

	mutex_lock(&mm->lock);
	for (struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		if (vma->file && !(vma->flags & VM_LOCKED))
			nr += pgtable_age_cache(mm, vma->start, vma->end);
	mutex_unlock(&mm->lock);
	return nr;
}

static size_t age_all(void)
{
	struct task *task;
	size_t nr = 0;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		struct mm_struct *mm = task_mm_get_locked(task);

		if (!mm)
			continue;
		nr += age_mm(mm);
		mm_put(mm);
	}
	mutex_unlock(&tasklist_lock);
	return nr;
}

/* ---- public ---- */

static size_t shrink(void)
{
	return page_cache_shrink(BATCH_FRAMES, 2 * ledger.frames[FRAME_CACHE]);
}

size_t reclaim_frames(void)
{
	size_t nr = shrink();

	for (int round = 0; !nr && round < ROUNDS; round++)
		if (ledger.frames[FRAME_CACHE] && age_all())
			nr = shrink();
	return nr;
}

void reclaim_ahead(void)
{
	page_cache_shrink(AHEAD_FRAMES, 4 * AHEAD_FRAMES);
}
