/*
 * mmap, munmap, mprotect: the calls that edit the VMAs of an address space.
 *
 * They change promises. Frames are only touched where a promise is taken back
 * (unmap) or narrowed (protect); nothing is given here: that is fault.c's part.
 *
 *	sys_mmap     -> mm_map_locked     -> insert, merge with neighbours
 *	sys_munmap   -> mm_unmap_locked   -> split at the borders, remove
 *	sys_mprotect -> mm_protect_locked -> split at the borders, change, merge
 */
#include <uapi/errno.h>
#include <uapi/mman.h>
#include <uapi/resource.h>

#include "fdtable.h"
#include "file.h"
#include "frame.h"
#include "mm.h"
#include "panic.h"
#include "pgtable.h"
#include "task.h"

_Static_assert(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE &&
		       PROT_EXEC == VM_EXEC,
	       "prot bits are used as VM_ flags");

/* ---- accounting ---- */

/* Private writable memory: what RLIMIT_DATA limits and VmData shows. */
static bool is_data(unsigned int flags)
{
	return (flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}

bool mm_may_grow(const struct mm_struct *mm, uint64_t pages, unsigned int flags)
{
	uint64_t limit = task_rlimit(RLIMIT_AS) >> PAGE_SHIFT;

	if (pages > limit || mm->total_pages > limit - pages)
		return false;
	if (!is_data(flags))
		return true;
	limit = task_rlimit(RLIMIT_DATA) >> PAGE_SHIFT;
	return pages <= limit && mm->data_pages <= limit - pages;
}

void mm_count_pages(struct mm_struct *mm, unsigned int flags, int64_t delta)
{
	mm->total_pages += (uint64_t)delta;
	if (is_data(flags))
		mm->data_pages += (uint64_t)delta;
	if (flags & VM_GROWSDOWN)
		mm->stack_pages += (uint64_t)delta;
	if (mm->total_pages > mm->max_total_pages)
		mm->max_total_pages = mm->total_pages;
}

static int64_t vma_pages(const struct vma *vma)
{
	return (int64_t)((vma->end - vma->start) >> PAGE_SHIFT);
}

/* ---- split and merge, with the memory and the counts they need ---- */

/* Split @vma at @addr; @vma keeps the lower part. 0 or -ENOMEM. */
static int split_at(struct mm_struct *mm, struct vma *vma, vaddr_t addr)
{
	struct vma *upper;

	if (mm->vmas.nr >= MAX_MAP_COUNT)
		return -ENOMEM;
	upper = vma_create(vma);
	if (!upper)
		return -ENOMEM;
	vma_split(&mm->vmas, vma, addr, upper);
	return 0;
}

/* Join @right to @left if they are alike; the one that covers both, or @left. */
static struct vma *merge_pair(struct mm_struct *mm, struct vma *left,
			      struct vma *right)
{
	vaddr_t end;

	if (!left || !right || !vma_can_merge(left, right))
		return left;
	end = right->end;
	vma_remove(&mm->vmas, right);
	vma_destroy(right);
	vma_resize(&mm->vmas, left, left->start, end);
	return left;
}

/* Join @vma with the neighbours that are like it; the result. */
static struct vma *merge_around(struct mm_struct *mm, struct vma *vma)
{
	struct vma *left = vma->prev;

	merge_pair(mm, vma, vma->next);
	if (left && vma_can_merge(left, vma))
		return merge_pair(mm, left, vma);
	return vma;
}

/* ---- map ---- */

static bool range_is_free(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *next = vma_find(&mm->vmas, start);

	return !next || vma_guarded_start(next) >= end;
}

/*
 * The hint if there is room, else the highest gap below mmap_base, else, as
 * Linux does when that area is full, the highest one anywhere.
 */
static int64_t choose_address(struct mm_struct *mm,
			      const struct map_request *request)
{
	vaddr_t hint = page_align_up(request->addr);
	size_t bytes = request->bytes;
	vaddr_t found;

	if (bytes > USER_END - MMAP_MIN_ADDR)
		return -ENOMEM;
	if (hint >= MMAP_MIN_ADDR && hint <= USER_END - bytes &&
	    range_is_free(mm, hint, hint + bytes))
		return (int64_t)hint;
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

/* Pages of [start, end) that VMAs cover now: a fixed mapping replaces them. */
static uint64_t covered_pages(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	uint64_t pages = 0;

	for (const struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	     vma && vma->start < end; vma = vma->next) {
		vaddr_t from = vma->start > start ? vma->start : start;
		vaddr_t to = vma->end < end ? vma->end : end;

		pages += (to - from) >> PAGE_SHIFT;
	}
	return pages;
}

int64_t mm_map_locked(struct mm_struct *mm, const struct map_request *request)
{
	struct vma like = {
		.flags = request->flags,
		.file = request->file,
		.file_page = request->file_page,
	};
	struct vma *vma;
	int64_t addr;
	uint64_t covered;
	int err;

	assert_held(&mm->lock);
	addr = request->fixed ? check_fixed(mm, request)
			      : choose_address(mm, request);
	if (addr < 0)
		return addr;
	like.start = (vaddr_t)addr;
	like.end = like.start + request->bytes;
	covered = covered_pages(mm, like.start, like.end);
	if (!mm_may_grow(mm, (uint64_t)vma_pages(&like) - covered, like.flags) ||
	    mm->vmas.nr >= MAX_MAP_COUNT)
		return -ENOMEM;

	/* The last thing that can fail comes before the old pages go. */
	vma = vma_create(&like);
	if (!vma)
		return -ENOMEM;
	if (covered) {
		err = mm_unmap_locked(mm, like.start, like.end);
		if (err) {
			vma_destroy(vma);
			return err;
		}
	}
	mm_count_pages(mm, vma->flags, vma_pages(vma));
	vma_insert(&mm->vmas, vma);
	merge_around(mm, vma);
	return addr;
}

/* ---- unmap ---- */

/*
 * Make @start and @end borders between VMAs. Both splits or none: the second
 * one cannot fail for another reason than memory, and then the first is undone
 * by a merge.
 */
static int split_borders(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find(&mm->vmas, start);
	struct vma *last;
	int err;

	if (vma && vma->start < start) {
		err = split_at(mm, vma, start);
		if (err)
			return err;
	}
	last = vma_find(&mm->vmas, end - 1);
	if (last && last->start < end && last->end > end) {
		err = split_at(mm, last, end);
		if (err) {
			if (vma && vma->end == start)
				merge_pair(mm, vma, vma->next);
			return err;
		}
	}
	return 0;
}

int mm_unmap_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	struct vma *vma = vma_find_overlap(&mm->vmas, start, end);
	vaddr_t floor, ceiling;
	int err;

	assert_held(&mm->lock);
	if (!vma)
		return 0;
	err = split_borders(mm, start, end);
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

/* ---- protect ---- */

/* Give all of @vma, whose borders are final, the rights @prot. */
static struct vma *protect_vma(struct mm_struct *mm, struct vma *vma,
			       unsigned int prot)
{
	mm_count_pages(mm, vma->flags, -vma_pages(vma));
	vma->flags = (vma->flags & ~VM_ACCESS) | prot;
	mm_count_pages(mm, vma->flags, vma_pages(vma));
	pgtable_protect(mm, vma->start, vma->end, prot);
	return merge_around(mm, vma);
}

/* The part of @vma inside [start, end) gets @prot; *@vma is what it became. */
static int protect_part(struct mm_struct *mm, struct vma **vma, vaddr_t start,
			vaddr_t end, unsigned int prot)
{
	unsigned int flags = ((*vma)->flags & ~VM_ACCESS) | prot;
	int err;

	if (flags == (*vma)->flags)
		return 0;
	if (prot & VM_WRITE && (*vma)->flags & VM_DENY_WRITE)
		return -EACCES;
	if (is_data(flags) && !is_data((*vma)->flags) &&
	    !mm_may_grow(mm, 0, flags))
		return -ENOMEM;
	if ((*vma)->start < start) {
		err = split_at(mm, *vma, start);
		if (err)
			return err;
		*vma = (*vma)->next;
	}
	if ((*vma)->end > end) {
		err = split_at(mm, *vma, end);
		if (err)
			return err;
	}
	*vma = protect_vma(mm, *vma, prot);
	return 0;
}

/*
 * As on Linux the range is changed from its start up to the first obstacle: a
 * hole or a VMA that must not change leaves the part before it changed.
 */
int mm_protect_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
		      unsigned int prot)
{
	struct vma *vma = vma_find(&mm->vmas, start);
	vaddr_t at = start;

	assert_held(&mm->lock);
	while (at < end) {
		int err;

		if (!vma || vma->start > at)
			return -ENOMEM;
		err = protect_part(mm, &vma, at, end, prot);
		if (err)
			return err;
		at = vma->end;
		vma = vma->next;
	}
	return 0;
}

/* ---- populate ---- */

/*
 * Pages that are there already cost no fault. A failure ends it without an
 * error, as on Linux: the pages that are missing will fault when touched.
 */
void mm_populate(struct mm_struct *mm, vaddr_t start, vaddr_t end)
{
	mutex_lock(&mm->lock);
	for (vaddr_t addr = start; addr < end; addr += PAGE_SIZE) {
		const struct vma *vma = vma_find(&mm->vmas, addr);
		const pte_t *pte = pgtable_find(mm->pml4, addr);
		unsigned int access = ACCESS_READ;

		if (!vma || vma->start > addr)
			break;
		if (pte && !pte_none(*pte))
			continue;
		if ((vma->flags & (VM_WRITE | VM_SHARED)) == VM_WRITE)
			access = ACCESS_WRITE;
		if (mm_fault_locked(mm, addr, access))
			break;
	}
	mutex_unlock(&mm->lock);
}

/* ---- system calls ---- */

/*
 * Whether @file may be mapped as asked. -EACCES: it is not open for reading, or
 * not for writing where a shared writable mapping would write to it.
 */
static int check_file(const struct file *file, int prot,
		      struct map_request *request)
{
	if (!file_readable(file))
		return -EACCES;
	if (!(request->flags & VM_SHARED) || file_writable(file))
		return 0;
	if (prot & PROT_WRITE)
		return -EACCES;
	request->flags |= VM_DENY_WRITE;
	return 0;
}

static unsigned int vm_flags_of(int prot, int flags)
{
	unsigned int vm = (unsigned int)prot & VM_ACCESS;

	if (flags & MAP_NORESERVE)
		vm |= VM_NORESERVE;
	if (flags & MAP_GROWSDOWN)
		vm |= VM_GROWSDOWN;
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		vm |= VM_SHARED;
	return vm;
}

static long do_mmap(struct map_request *request, int flags)
{
	struct mm_struct *mm = current->mm;
	int64_t addr;

	mutex_lock(&mm->lock);
	addr = mm_map_locked(mm, request);
	mutex_unlock(&mm->lock);
	if (addr >= 0 && flags & MAP_POPULATE)
		mm_populate(mm, (vaddr_t)addr, (vaddr_t)addr + request->bytes);
	return addr;
}

/*
 * mmap(2). Private mappings, anonymous or of a file, and shared ones of a file.
 * A shared anonymous mapping is a shared mapping of a file without a name.
 */
long sys_mmap(vaddr_t addr, size_t bytes, int prot, int flags, int fd,
	      loff_t offset)
{
	struct map_request request = {
		.addr = addr,
		.bytes = page_align_up(bytes),
		.flags = vm_flags_of(prot, flags),
		.fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
		.no_replace = flags & MAP_FIXED_NOREPLACE,
		.file_page = (uint64_t)offset >> PAGE_SHIFT,
	};
	int type = flags & MAP_TYPE;
	struct file *file = NULL;
	long ret;

	if (offset & (loff_t)(PAGE_SIZE - 1) || !bytes)
		return -EINVAL;
	if (type != MAP_PRIVATE && type != MAP_SHARED &&
	    type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (!request.bytes)
		return -ENOMEM; /* rounding up wrapped around */
	if (flags & MAP_ANONYMOUS) {
		request.file_page = 0;
		if (request.flags & VM_SHARED)
			return mmap_shared_anonymous(&request, flags);
		return do_mmap(&request, flags);
	}
	if (request.file_page + (request.bytes >> PAGE_SHIFT) <
	    request.file_page)
		return -EOVERFLOW;
	file = fd_get(fd);
	if (!file)
		return -EBADF;
	ret = check_file(file, prot, &request);
	if (!ret) {
		request.file = file;
		ret = do_mmap(&request, flags);
	}
	file_put(file);
	return ret;
}

/* munmap(2). -EINVAL: not page aligned, empty, or not user space. */
long sys_munmap(vaddr_t addr, size_t bytes)
{
	struct mm_struct *mm = current->mm;
	long err;

	if (!page_aligned(addr) || !bytes || addr > USER_END ||
	    bytes > USER_END - addr)
		return -EINVAL;
	mutex_lock(&mm->lock);
	err = mm_unmap_locked(mm, addr, addr + page_align_up(bytes));
	mutex_unlock(&mm->lock);
	return err;
}

/* mprotect(2). -EINVAL: not aligned, unknown rights. -ENOMEM: a hole. */
long sys_mprotect(vaddr_t addr, size_t bytes, int prot)
{
	struct mm_struct *mm = current->mm;
	vaddr_t end = addr + page_align_up(bytes);
	long err;

	if (!page_aligned(addr) || prot & ~(int)(VM_ACCESS | PROT_SEM))
		return -EINVAL;
	if (!bytes)
		return 0;
	if (end <= addr || end > USER_END)
		return -ENOMEM;
	mutex_lock(&mm->lock);
	err = mm_protect_locked(mm, addr, end, (unsigned int)prot & VM_ACCESS);
	mutex_unlock(&mm->lock);
	return err;
}
