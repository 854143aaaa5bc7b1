/*
 * Page faults: what each means and what is done.
 *
 * The CPU could not translate an address, or not for this access. mm_fault()
 * takes the steps that every textbook draws, each a function below:
 *
 *	1 find_vma       which promise covers the address? may the stack grow?
 *	2 check_access   does the promise allow this access?
 *	3 take_frame     a frame of RAM
 *	4 fill_frame     zeros | a copy | a page of a file
 *	5 map_frame      into the page table; count it
 *	6                return: the CPU retries the instruction
 *
 * Which of 3 to 5 are needed is the difference between the kinds of fault:
 *
 *	page table   VMA          access   kind                      3 4 5
 *	empty        anonymous    read     the shared zero frame     . . 5
 *	empty        anonymous    write    a fresh frame of zeros    3 4 5
 *	empty        file         read     the file's own frame      . . 5
 *	empty        file         write    a private copy of it      3 4 5
 *	zero frame                write    a fresh frame of zeros    3 4 5
 *	shared                    write    copy on write             3 4 5
 *	last sharer               write    keep the frame            . . 5
 *	swapped out               any      bring it back             3 4 5
 *
 * Where large pages are wanted, thp.c takes the steps 3 to 5 for 2 MiB at once.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>

#include "file.h"
#include "frame.h"
#include "mm.h"
#include "panic.h"
#include "pgtable.h"
#include "swap.h"
#include "task.h"
#include "thp.h"
#include "vma_edit.h"

#define FAULT_AROUND_BYTES (64UL << 10)
#define FAULT_AROUND_PAGES (FAULT_AROUND_BYTES / PAGE_SIZE)

struct fault_stats fault_stats;
struct frame *zero_frame;

/* One fault on its way through the steps. */
struct fault {
	struct mm_struct *mm;
	vaddr_t addr;         /* of the page */
	unsigned int access;  /* enum access */
	struct vma *vma;      /* step 1 */
	pte_t *pte;           /* the page's entry in the lowest table */
	struct frame *frame;  /* step 3: what will be mapped; we own one reference */
	enum fault_kind kind;
	bool from_swap;       /* decides the kind, whatever came after that */
	bool from_disk;       /* makes it a major fault */
};

void fault_init(void)
{
	zero_frame = frame_alloc_zeroed(FRAME_ZERO);
	KASSERT(zero_frame);
}

const char *fault_kind_name(enum fault_kind kind)
{
	static const char *const names[NR_FAULT_KINDS] = {
		[FAULT_ANON_ZERO] = "anon-zero-page",
		[FAULT_ANON_WRITE] = "anon-zero",
		[FAULT_ZERO_WRITE] = "zero-page-write",
		[FAULT_COW_COPY] = "cow-copy",
		[FAULT_COW_REUSE] = "cow-reuse",
		[FAULT_STACK_GROW] = "stack-grow",
		[FAULT_FILE_READ] = "file-map",
		[FAULT_FILE_COPY] = "file-copy",
		[FAULT_LARGE_ZERO] = "large-zero-page",
		[FAULT_LARGE_WRITE] = "large-zero",
		[FAULT_SWAP_IN] = "swap-in",
		[FAULT_SPURIOUS] = "spurious",
	};

	return kind < NR_FAULT_KINDS ? names[kind] : "?";
}

/* ---- step 1: find the VMA ---- */

/*
 * Move the start of the stack @vma down to @addr. 0, or -EFAULT when it would
 * exceed RLIMIT_STACK, RLIMIT_AS, or come too close to the mapping below.
 */
static int fault_stack(struct mm_struct *mm, struct vma *vma, vaddr_t addr)
{
	const struct vma *below = vma->prev;
	uint64_t grow = (vma->start - addr) >> PAGE_SHIFT;

	if (vma->end - addr > task_rlimit(RLIMIT_STACK) ||
	    !mm_may_grow(mm, grow, vma->flags) ||
	    !mm_may_commit(mm, grow, vma->flags))
		return -EFAULT;
	if (below && below->flags & VM_ACCESS &&
	    !(below->flags & VM_GROWSDOWN) &&
	    addr - below->end < STACK_GUARD_GAP_BYTES)
		return -EFAULT;
	mm_count_pages(mm, vma->flags, (int64_t)grow);
	vma_resize(&mm->vmas, vma, addr, vma->end);
	fault_stats.kind[FAULT_STACK_GROW]++;
	return 0;
}

static int find_vma(struct fault *fault)
{
	struct vma *vma = vma_find(&fault->mm->vmas, fault->addr);

	fault->vma = vma;
	if (!vma)
		return -EFAULT;
	if (likely(vma->start <= fault->addr))
		return 0;
	if (!(vma->flags & VM_GROWSDOWN))
		return -EFAULT;
	return fault_stack(fault->mm, vma, fault->addr);
}

/* ---- step 2: check the access ---- */

/*
 * The CPU cannot withhold reading from a writable or executable page, so any of
 * the three rights lets a read pass, as on Linux.
 */
static int check_access(const struct fault *fault)
{
	unsigned int rights = fault->vma->flags & VM_ACCESS;

	if (fault->access & ACCESS_WRITE)
		return rights & VM_WRITE ? 0 : -EACCES;
	if (fault->access & ACCESS_EXEC)
		return rights & VM_EXEC ? 0 : -EACCES;
	return rights ? 0 : -EACCES;
}

/* ---- steps 3 and 4: a frame, and what is in it ---- */

static int take_zeroed_frame(struct fault *fault)
{
	fault->frame = frame_alloc_zeroed(FRAME_ANON);
	return fault->frame ? 0 : -ENOMEM;
}

static int take_copied_frame(struct fault *fault, const struct frame *source)
{
	struct frame *frame = frame_alloc(0, FRAME_ANON);

	if (!frame)
		return -ENOMEM;
	page_copy(frame_to_virt(frame), frame_to_virt(source));
	fault->frame = frame;
	return 0;
}

/* ---- step 5: map it ---- */

/* Enter fault->frame with @rights; the page table takes over our reference. */
static void map_frame(struct fault *fault, unsigned int rights)
{
	*fault->pte = pte_make(frame_to_pfn(fault->frame), rights);
}

/* ---- the kinds of fault ---- */

static unsigned int vma_rights(const struct vma *vma)
{
	return vma->flags & VM_ACCESS;
}

/* First touch of a private page that no file stands behind. */
static int fault_anon(struct fault *fault)
{
	unsigned int rights = vma_rights(fault->vma);
	int err;

	if (!(fault->access & ACCESS_WRITE)) {
		fault->kind = FAULT_ANON_ZERO;
		fault->frame = zero_frame;
		map_frame(fault, (rights & ~(unsigned int)VM_WRITE) | VM_READ);
		return 0;
	}
	fault->kind = FAULT_ANON_WRITE;
	err = take_zeroed_frame(fault);
	if (err)
		return err;
	/*
	 * No flush: the CPU never caches a non-present entry, so nothing stale
	 * can exist. Replacing a page that was present does need one.
	 */
	map_frame(fault, rights);
	mm_count_rss(fault->mm, RSS_ANON, 1);
	return 0;
}

/*
 * Map what the cache has of the pages around a file page that has been read: a
 * program runs through its code, and this way pays one fault for up to 64 KiB.
 * The window is Linux's (mm/memory.c, do_fault_around()): aligned, within the
 * VMA and one table. Nothing is read from disk for it.
 */
static void map_around(const struct fault *fault, unsigned int rights)
{
	const struct vma *vma = fault->vma;
	struct frame *cached[FAULT_AROUND_PAGES];
	vaddr_t start = fault->addr & ~(FAULT_AROUND_BYTES - 1);
	vaddr_t end;
	uint64_t first;
	pte_t *pte;

	if (start < vma->start)
		start = vma->start;
	end = start + FAULT_AROUND_BYTES;
	if (end > vma->end)
		end = vma->end;
	if (end > (start | (LARGE_PAGE_SIZE - 1)) + 1)
		end = (start | (LARGE_PAGE_SIZE - 1)) + 1;
	first = vma->file_page + ((start - vma->start) >> PAGE_SHIFT);
	pte = fault->pte - ((fault->addr - start) >> PAGE_SHIFT);
	file_peek_frames(vma->file, first, (end - start) >> PAGE_SHIFT, cached);
	for (unsigned int i = 0; i < (end - start) >> PAGE_SHIFT; i++) {
		if (!cached[i])
			continue;
		if (!pte_none(pte[i])) {
			frame_put(cached[i]);
			continue;
		}
		pte[i] = pte_make(frame_to_pfn(cached[i]), rights);
		mm_count_rss(fault->mm, rss_kind_of(cached[i]), 1);
	}
}

/* First touch of a page that shows a file. */
static int fault_file(struct fault *fault)
{
	const struct vma *vma = fault->vma;
	uint64_t index = vma->file_page +
			 ((fault->addr - vma->start) >> PAGE_SHIFT);
	bool shared = vma->flags & VM_SHARED;
	unsigned int rights = vma_rights(vma);
	struct frame *cached;
	int err;

	err = file_get_frame(vma->file, index, &cached, &fault->from_disk);
	if (err)
		return err;
	if (!(fault->access & ACCESS_WRITE) || shared) {
		fault->kind = FAULT_FILE_READ;
		fault->frame = cached;
		if (!shared)
			rights &= ~(unsigned int)VM_WRITE;
		rights = rights ? rights : VM_READ;
		map_frame(fault, rights);
		mm_count_rss(fault->mm, rss_kind_of(cached), 1);
		if (!(fault->access & ACCESS_WRITE))
			map_around(fault, rights);
		return 0;
	}
	fault->kind = FAULT_FILE_COPY;
	err = take_copied_frame(fault, cached);
	frame_put(cached);
	if (err)
		return err;
	map_frame(fault, rights);
	mm_count_rss(fault->mm, RSS_ANON, 1);
	return 0;
}

/*
 * Write to a page whose frame others see too. The old frame keeps its reference
 * until the copy is finished: the other owner could free it meanwhile.
 */
static int fault_cow(struct fault *fault)
{
	struct mm_struct *mm = fault->mm;
	struct frame *old = pfn_to_frame(pte_pfn(*fault->pte));
	unsigned int rights = vma_rights(fault->vma);
	int err;

	if (old == zero_frame) {
		fault->kind = FAULT_ZERO_WRITE;
		err = take_zeroed_frame(fault);
		if (err)
			return err;
		map_frame(fault, rights);
		mm_count_rss(mm, RSS_ANON, 1);
	} else if (anon_frame_is_own(old)) {
		fault->kind = FAULT_COW_REUSE;
		fault->frame = old;
		map_frame(fault, rights);
	} else {
		fault->kind = FAULT_COW_COPY;
		err = take_copied_frame(fault, old);
		if (err)
			return err;
		map_frame(fault, rights);
		if (!frame_is_anon(old)) {
			mm_count_rss(mm, rss_kind_of(old), -1);
			mm_count_rss(mm, RSS_ANON, 1);
		}
		mapped_frame_put(old);
	}
	tlb_flush_page(fault->addr);
	return 0;
}

/*
 * The page is on a swap disk, or on its way there or back. It returns without the
 * right to write: whether it has to be copied first is the next question.
 */
static int fault_swap(struct fault *fault)
{
	fault->from_swap = true;
	return mm_swap_in_locked(fault->mm, fault->vma, fault->pte,
				 &fault->from_disk);
}

/* Whether the entry already allows the access: someone was faster. */
static bool already_fine(const struct fault *fault)
{
	pte_t pte = *fault->pte;

	if (!pte_present(pte))
		return false;
	if (fault->access & ACCESS_WRITE)
		return pte_writable(pte);
	/* Rights to read and execute are the VMA's: the entry has them all. */
	return true;
}

/*
 * There is no lowest table here. Set fault->pte to its entry after making it,
 * unless a large page has resolved the fault.
 */
static int make_entry(struct fault *fault)
{
	pte_t *pd_entry = pgtable_make_pd_entry(fault->mm, fault->addr);

	if (!pd_entry)
		return -ENOMEM;
	if (!pte_is_table(*pd_entry) &&
	    thp_fault(fault->mm, fault->vma, pd_entry, fault->addr,
		      fault->access, &fault->kind))
		return 0;
	fault->pte = pgtable_make_below(fault->mm, pd_entry, fault->addr);
	return fault->pte ? 0 : -ENOMEM;
}

static int resolve(struct fault *fault)
{
	pte_t pte;
	int err;

	fault->pte = pgtable_find(fault->mm, fault->addr);
	if (unlikely(!fault->pte)) {
		err = make_entry(fault);
		if (err || !fault->pte)
			return err;
	}
	pte = *fault->pte;
	if (pte_none(pte))
		return fault->vma->file ? fault_file(fault) : fault_anon(fault);
	if (unlikely(pte_is_swap(pte))) {
		err = fault_swap(fault);
		if (err || !(fault->access & ACCESS_WRITE))
			return err;
		pte = *fault->pte;
	}
	if (already_fine(fault)) {
		fault->kind = FAULT_SPURIOUS;
		tlb_flush_page(fault->addr);
		return 0;
	}
	if (fault->vma->flags & VM_SHARED) {
		/* A shared page regains the right to write in place. */
		fault->kind = FAULT_COW_REUSE;
		fault->frame = pfn_to_frame(pte_pfn(pte));
		map_frame(fault, vma_rights(fault->vma));
		tlb_flush_page(fault->addr);
		return 0;
	}
	err = fault_cow(fault);
	/* A page that has come back is progress: the write faults once more. */
	return unlikely(err) && fault->from_swap ? 0 : err;
}

/* Count as Linux does: read from disk is major, anything else is minor. */
static void count_fault(const struct fault *fault)
{
	fault_stats.kind[fault->from_swap ? FAULT_SWAP_IN : fault->kind]++;
	if (fault->from_disk) {
		fault_stats.major++;
		fault->mm->majflt++;
		current->majflt++;
	} else {
		fault_stats.minor++;
		fault->mm->minflt++;
		current->minflt++;
	}
}

int mm_fault_locked(struct mm_struct *mm, vaddr_t addr, unsigned int access)
{
	struct fault fault = {
		.mm = mm,
		.addr = page_align_down(addr),
		.access = access,
	};
	int err;

	assert_held(&mm->lock);
	err = find_vma(&fault);
	if (!err)
		err = check_access(&fault);
	if (!err)
		err = resolve(&fault);
	if (!err)
		count_fault(&fault);
	else
		fault_stats.rejected++;
	return err;
}

int mm_fault(struct mm_struct *mm, vaddr_t addr, unsigned int access)
{
	int err;

	mutex_lock(&mm->lock);
	err = mm_fault_locked(mm, addr, access);
	mutex_unlock(&mm->lock);
	return err;
}
