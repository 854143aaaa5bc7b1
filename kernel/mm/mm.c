/*
 * mm_struct: creation, fork, destruction.
 */
#include "mm.h"

#include <uapi/errno.h>

#include "frame.h"
#include "kmalloc.h"
#include "panic.h"
#include "pgtable.h"
#include "vma_edit.h"

/* The address space whose tables this CPU has loaded; NULL: the kernel's. */
static struct mm_struct *loaded_mm;

bool mm_is_loaded(const struct mm_struct *mm)
{
	return mm == loaded_mm;
}

void mm_switch(struct mm_struct *mm)
{
	if (mm == loaded_mm)
		return;
	if (loaded_mm)
		top_table_hide(&loaded_mm->top);
	loaded_mm = mm;
	if (mm)
		top_table_show(&mm->top);
	tlb_flush_mm();
}

/* ---- all of them ---- */

static struct spinlock mm_list_lock = SPINLOCK_INIT(RANK_TABLE);
static struct list_node all_mms = { &all_mms, &all_mms }; /* mm_list_lock */
static size_t nr_mms;                                     /* mm_list_lock */

size_t mm_count(void)
{
	return nr_mms;
}

/* A reference, unless the last one has just been dropped: then false. */
static bool try_get(struct mm_struct *mm)
{
	uint32_t refs = __atomic_load_n(&mm->refs, __ATOMIC_RELAXED);

	while (refs)
		if (__atomic_compare_exchange_n(&mm->refs, &refs, refs + 1,
						true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

/* The first one behind @link that is not on its way out. */
static struct mm_struct *get_behind(const struct list_node *link)
{
	struct mm_struct *found = NULL;

	spin_lock(&mm_list_lock);
	for (link = link->next; link != &all_mms && !found; link = link->next) {
		struct mm_struct *mm =
			container_of(link, struct mm_struct, all_link);

		if (try_get(mm))
			found = mm;
	}
	spin_unlock(&mm_list_lock);
	return found;
}

struct mm_struct *mm_first(void)
{
	return get_behind(&all_mms);
}

struct mm_struct *mm_next(struct mm_struct *mm)
{
	return get_behind(&mm->all_link);
}

void mm_move_to_end(struct mm_struct *mm)
{
	spin_lock(&mm_list_lock);
	list_remove(&mm->all_link);
	list_push_back(&all_mms, &mm->all_link);
	spin_unlock(&mm_list_lock);
}

static void enter_list(struct mm_struct *mm)
{
	spin_lock(&mm_list_lock);
	list_push_back(&all_mms, &mm->all_link);
	nr_mms++;
	spin_unlock(&mm_list_lock);
}

static void leave_list(struct mm_struct *mm)
{
	spin_lock(&mm_list_lock);
	list_remove(&mm->all_link);
	nr_mms--;
	spin_unlock(&mm_list_lock);
}

/* ---- the beginning ---- */

struct mm_struct *mm_create(void)
{
	struct mm_struct *mm = kzalloc(sizeof(*mm));

	if (!mm)
		return NULL;
	top_table_init(&mm->top);
	mm->refs = 1;
	mm->dumpable = true;
	mutex_init(&mm->lock, RANK_MM);
	enter_list(mm);
	return mm;
}

/* ---- fork ---- */

/* The scalars that a child starts with as its parent has them. */
static void copy_layout(struct mm_struct *child, const struct mm_struct *mm)
{
	child->no_large_pages = mm->no_large_pages;
	child->mmap_base = mm->mmap_base;
	child->dumpable = mm->dumpable;
	child->start_code = mm->start_code;
	child->end_code = mm->end_code;
	child->start_data = mm->start_data;
	child->end_data = mm->end_data;
	child->start_brk = mm->start_brk;
	child->brk = mm->brk;
	child->start_stack = mm->start_stack;
	child->arg_start = mm->arg_start;
	child->arg_end = mm->arg_end;
	child->env_start = mm->env_start;
	child->env_end = mm->env_end;
}

/* Locks are not inherited; what else madvise(2) said about children is done. */
static int copy_vma(struct mm_struct *child, struct mm_struct *parent,
		    const struct vma *vma)
{
	bool cow = !(vma->flags & VM_SHARED);
	struct vma *copy;

	if (vma->flags & VM_DONTFORK)
		return 0;
	if (!mm_may_commit(parent, (uint64_t)vma_pages(vma), vma->flags))
		return -ENOMEM;
	copy = vma_create(vma);
	if (!copy)
		return -ENOMEM;
	copy->flags &= ~VM_LOCK_MASK;
	vma_insert(&child->vmas, copy);
	mm_count_pages(child, copy->flags, vma_pages(copy));
	if (vma->flags & VM_WIPEONFORK)
		return 0;
	return pgtable_copy(child, parent, vma->start, vma->end, cow);
}

struct mm_struct *mm_fork(struct mm_struct *mm)
{
	struct mm_struct *child = mm_create();
	int err = 0;

	if (!child)
		return NULL;
	mutex_lock(&mm->lock);
	copy_layout(child, mm);
	for (const struct vma *vma = mm->vmas.first; vma && !err;
	     vma = vma->next)
		err = copy_vma(child, mm, vma);
	child->max_rss = mm_rss(child);
	/* The parent's pages have lost the right to write. */
	if (mm_is_loaded(mm))
		tlb_flush_mm();
	mutex_unlock(&mm->lock);
	if (!err)
		return child;
	mm_put(child);
	return NULL;
}

/* ---- the end ---- */

/*
 * Nobody else knows this mm any more, so no lock is needed. One VMA after the
 * other, since the space between them may be terabytes: with all below gone, a
 * table is free as soon as it reaches no further than the next VMA.
 */
static void mm_destroy(struct mm_struct *mm)
{
	struct vma *vma = mm->vmas.first;

	KASSERT(!mm_is_loaded(mm));
	leave_list(mm);
	while (vma) {
		struct vma *next = vma->next;

		pgtable_unmap(mm, vma->start, vma->end);
		pgtable_free_range(mm, vma->start, vma->end, 0,
				   next ? next->start : USER_END + PAGE_SIZE);
		vma_destroy(vma);
		vma = next;
	}
	KASSERT(mm_rss(mm) == 0 && mm->pgtable_frames == 0);
	KASSERT(mm->swap_pages == 0);
	overcommit_count(-(int64_t)mm->committed_pages);
	top_table_destroy(&mm->top);
	kfree(mm);
	kmalloc_trim_excess();
}

void mm_put(struct mm_struct *mm)
{
	if (__atomic_sub_fetch(&mm->refs, 1, __ATOMIC_ACQ_REL) == 0)
		mm_destroy(mm);
}
