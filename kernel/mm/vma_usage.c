/*
 * Counting the pages of a VMA, as smaps shows them.
 */
#include "vma_usage.h"

#include "file.h"
#include "large_page.h"
#include "mm.h"
#include "pagewalk.h"
#include "swap.h"
#include "task.h"
#include "tmpfs_swap.h"

/*
 * A frame has one reference for each entry that shows it, and a frame of a file
 * or of the swap cache one more, the file's own or the cache's. A page that its file was cut off from has lost that
 * one; then somebody maps it, or nobody would ask.
 */
uint32_t frame_mappers(const struct frame *frame)
{
	uint32_t refs = __atomic_load_n(&frame->refs, __ATOMIC_RELAXED);
	bool cached = frame->purpose != FRAME_ANON;

	return cached && refs > 1 ? refs - 1 : refs;
}

/* Which of the four kinds of resident page this is. */
static uint64_t *residence(struct vma_usage *usage, bool shared, bool dirty)
{
	if (shared)
		return dirty ? &usage->shared_dirty : &usage->shared_clean;
	return dirty ? &usage->private_dirty : &usage->private_clean;
}

struct counting {
	struct vma_usage *usage;
	bool locked;
};

/*
 * An anonymous page is dirty whatever the entry says, since its contents are
 * nowhere else: but for one that was swapped out, and one that MADV_FREE gave up.
 */
static bool is_dirty_anon(const struct frame *frame, pte_t pte)
{
	if (pte_dirty(pte) || frame_flag_test(frame, FRAME_FLAG_DIRTY))
		return true;
	return frame->purpose != FRAME_SWAP &&
	       !frame_flag_test(frame, FRAME_FLAG_LAZY);
}

/* Pages that were swapped out are not resident. */
static void count_swapped(struct vma_usage *usage, swap_t entry)
{
	usage->swap += PAGE_SIZE;
	usage->swap_pss += (PAGE_SIZE << PSS_SHIFT) / swap_users(entry);
}

/* @bytes that @frame and, in a block, those behind it hold. */
static void count_frame(const struct counting *counting,
			const struct frame *frame, pte_t pte, size_t bytes)
{
	struct vma_usage *usage = counting->usage;
	bool anon = frame_is_anon(frame);
	bool dirty = anon ? is_dirty_anon(frame, pte) : pte_dirty(pte);
	uint32_t mappers = frame_mappers(frame);
	uint64_t share = (bytes << PSS_SHIFT) / mappers;

	usage->rss += bytes;
	*residence(usage, mappers > 1, dirty) += bytes;
	usage->anonymous += anon ? bytes : 0;
	usage->lazy_free += !dirty && frame_flag_test(frame, FRAME_FLAG_LAZY)
				    ? bytes : 0;
	usage->referenced += pte_accessed(pte) ? bytes : 0;
	usage->pss += share;
	usage->pss_dirty += dirty ? share : 0;
	usage->pss_locked += counting->locked ? share : 0;
	usage->pss_kind[rss_kind_of(frame)] += share;
}

/* A VMA has large pages as a whole. */
static void count_large(const struct counting *counting, pte_t pte)
{
	const struct frame *frame = pfn_to_frame(pte_pfn(pte));

	if (large_page_is_zero(pte))
		return;
	counting->usage->large += LARGE_PAGE_SIZE;
	if (frame->order) {
		count_frame(counting, frame, pte, LARGE_PAGE_SIZE);
		return;
	}
	for (size_t i = 0; i < LARGE_PAGE_FRAMES; i++)
		count_frame(counting, frame + i, pte, PAGE_SIZE);
}

static void count_page(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	const struct counting *counting = arg;
	const struct frame *frame;

	(void)addr;
	(void)bytes;
	if (pte_is_swap(*pte))
		count_swapped(counting->usage, pte_swap(*pte));
	if (!pte_has_frame(*pte))
		return;
	if (pte_is_large(*pte)) {
		count_large(counting, *pte);
		return;
	}
	frame = pfn_to_frame(pte_pfn(*pte));
	if (frame != zero_frame)
		count_frame(counting, frame, *pte, PAGE_SIZE);
}

/* Shared memory that has been swapped out, whoever did that, counts for all. */
static void count_swapped_of_file(struct vma_usage *usage,
				  const struct vma *vma)
{
	struct inode *inode = vma->file->inode;
	uint64_t pages = (vma->end - vma->start) >> PAGE_SHIFT;

	if (S_ISREG(inode->mode))
		usage->swap += PAGE_SIZE *
			       tmpfs_count_swapped(inode, vma->file_page,
						   vma->file_page + pages);
}

void vma_usage_add(struct vma_usage *usage, struct mm_struct *mm,
		   const struct vma *vma)
{
	struct counting counting = { usage, vma->flags & VM_LOCKED };

	page_walk(mm, vma->start, vma->end, count_page, &counting);
	if (vma->file && vma->flags & VM_SHARED)
		count_swapped_of_file(usage, vma);
}

static void add_mm(struct vma_usage *usage, struct mm_struct *mm)
{
	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		if (vma->file)
			vma_usage_add(usage, mm, vma);
	mutex_unlock(&mm->lock);
}

/* An mm that several tasks have is that of the first; threads come after it. */
static bool is_first_user(const struct task *task)
{
	return task->pid == task->tgid && !task->vforking;
}

/*
 * The proportional shares of one frame are 1 together, so nobody has to remember
 * which frames were seen. Each share is rounded down, by less than the half that
 * is added at the end.
 */
uint64_t mapped_file_frames(void)
{
	struct vma_usage usage = { 0 };
	struct task *task;
	uint64_t bytes;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		struct mm_struct *mm = task_mm_get_locked(task);

		if (!mm)
			continue;
		if (is_first_user(task))
			add_mm(&usage, mm);
		mm_put(mm);
	}
	mutex_unlock(&tasklist_lock);
	bytes = (usage.pss_kind[RSS_FILE] + usage.pss_kind[RSS_SHMEM]) >>
		PSS_SHIFT;
	return (bytes + PAGE_SIZE / 2) >> PAGE_SHIFT;
}
