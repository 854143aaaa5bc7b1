/*
 * Mapping and unmapping: choose a place, enter the VMA; split, remove, give the
 * frames back.
 *
 * Both change promises. Frames are only touched where a promise is taken back;
 * none is given here: that is fault.c's part.
 */
#include <uapi/errno.h>

#include "mm.h"
#include "panic.h"
#include "pgtable.h"
#include "vma_edit.h"

static bool range_is_free(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *next = vma_find(&mm->vmas, start);

	return !next || vma_guarded_start(next) >= end;
}

/*
 * MAP_32BIT is for code models that reach 2 GiB. Linux, too, leaves the lower
 * half of that to a program that is linked there and its heap.
 */
#define LOW_START (1UL << 30)
#define LOW_END (1UL << 31)

/*
 * The hint if there is room, else the highest gap below mmap_base, else, as
 * Linux does when that area is full, the highest one anywhere.
 */
static int64_t choose_address(struct mm_struct *mm,
			      const struct map_request *request)
{
	vaddr_t hint = page_align_down(request->addr);
	vaddr_t limit = request->low ? LOW_END : USER_END;
	size_t bytes = request->bytes;
	vaddr_t found;

	if (hint && hint < MMAP_MIN_ADDR)
		hint = MMAP_MIN_ADDR;
	if (bytes > limit - MMAP_MIN_ADDR)
		return -ENOMEM;
	if (hint >= MMAP_MIN_ADDR && hint <= limit - bytes &&
	    range_is_free(mm, hint, hint + bytes))
		return (int64_t)hint;
	if (request->low) {
		found = vma_find_gap(&mm->vmas, bytes, LOW_START, LOW_END);
		return found ? (int64_t)found : -ENOMEM;
	}
	found = vma_find_gap(&mm->vmas, bytes, MMAP_MIN_ADDR, mm->mmap_base);
	if (!found)
		found = vma_find_gap(&mm->vmas, bytes, MMAP_MIN_ADDR, USER_END);
	return found ? (int64_t)found : -ENOMEM;
}

/* A fixed address is taken as it is or refused. */
static int64_t check_fixed(struct mm_struct *mm,
			   const struct map_request *request)
{
	vaddr_t addr = request->addr;

	if (!page_aligned(addr))
		return -EINVAL;
	if (request->bytes > USER_END || addr > USER_END - request->bytes)
		return -ENOMEM;
	if (addr < MMAP_MIN_ADDR)
		return -EPERM;
	if (request->no_replace &&
	    vma_find_overlap(&mm->vmas, addr, addr + request->bytes))
		return -EEXIST;
	return (int64_t)addr;
}

int64_t mm_place_locked(struct mm_struct *mm, const struct map_request *request)
{
	assert_held(&mm->lock);
	return request->fixed ? check_fixed(mm, request)
			      : choose_address(mm, request);
}

/* What VMAs cover of a range now: a fixed mapping replaces that. */
struct covered {
	uint64_t pages;
	uint64_t accounted; /* those of them with VM_ACCOUNT */
};

static struct covered count_covered(struct mm_struct *mm, vaddr_t start,
				    vaddr_t end)
{
	struct covered covered = { 0, 0 };

	for (const struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	     vma && vma->start < end; vma = vma->next) {
		vaddr_t from = vma->start > start ? vma->start : start;
		vaddr_t to = vma->end < end ? vma->end : end;

		covered.pages += (to - from) >> PAGE_SHIFT;
		if (vma->flags & VM_ACCOUNT)
			covered.accounted += (to - from) >> PAGE_SHIFT;
	}
	return covered;
}

/* The VM_* of a new VMA: what was asked for and what holds for all. */
static unsigned int new_flags(const struct mm_struct *mm,
			      const struct map_request *request)
{
	unsigned int flags = request->flags | mm->def_flags;

	return vm_is_accountable(flags) ? flags | VM_ACCOUNT : flags;
}

int64_t mm_map_locked(struct mm_struct *mm, const struct map_request *request)
{
	struct vma like = {
		.flags = new_flags(mm, request),
		.file = request->file,
		.file_page = request->file_page,
	};
	int64_t addr = mm_place_locked(mm, request);
	struct covered covered;
	struct vma *vma;
	uint64_t pages;
	int err;

	if (addr < 0)
		return addr;
	like.start = (vaddr_t)addr;
	like.end = like.start + request->bytes;
	covered = count_covered(mm, like.start, like.end);
	pages = (uint64_t)vma_pages(&like) - request->moved_pages;
	if (!mm_may_grow(mm, pages - covered.pages, like.flags) ||
	    !mm_may_commit(mm, pages - covered.accounted, like.flags) ||
	    mm->vmas.nr >= (size_t)max_map_count)
		return -ENOMEM;

	/* The last thing that can fail comes before the old pages go. */
	vma = vma_create(&like);
	if (!vma)
		return -ENOMEM;
	if (covered.pages) {
		err = mm_unmap_locked(mm, like.start, like.end);
		if (err) {
			vma_destroy(vma);
			return err;
		}
	}
	mm_count_pages(mm, vma->flags, vma_pages(vma));
	vma_insert(&mm->vmas, vma);
	mm_merge(mm, vma);
	return addr;
}

int mm_unmap_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	vaddr_t floor, ceiling;
	int err;

	assert_held(&mm->lock);
	if (!vma || start == end)
		return 0;
	err = mm_split_borders(mm, start, end);
	if (err)
		return err;
	pgtable_unmap(mm, start, end);
	vma = vma_find_overlap(&mm->vmas, start, end);
	floor = vma->prev ? vma->prev->end : 0;
	while (vma && vma->start < end) {
		struct vma *next = vma->next;

		mm_count_pages(mm, vma->flags, -vma_pages(vma));
		vma_remove(&mm->vmas, vma);
		vma_destroy(vma);
		vma = next;
	}
	ceiling = vma ? vma->start : USER_END + PAGE_SIZE;
	pgtable_free_range(mm, start, end, floor, ceiling);
	return 0;
}
