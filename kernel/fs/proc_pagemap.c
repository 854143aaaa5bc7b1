/*
 * /proc/PID/pagemap: one 64-bit word for each page of user space, in Linux's
 * layout, and /proc/PID/clear_refs, which starts a new round of the accessed
 * bits that smaps shows as Referenced.
 *
 *	63        62    61           56          54               0
 *	present | swap | file-backed | exclusive | frame number
 *
 * For a page that was swapped out bits 0 to 4 are the number of the area and bits
 * 5 to 54 that of the slot.
 */
#include "proc_pagemap.h"

#include <uapi/errno.h>

#include "io_buf.h"
#include "kmalloc.h"
#include "large_page.h"
#include "mm.h"
#include "pagewalk.h"
#include "proc_node.h"
#include "string.h"
#include "task.h"
#include "vma_usage.h"

#define PM_PRESENT (1UL << 63)
#define PM_SWAP (1UL << 62)
#define PM_SWAP_SLOT_SHIFT 5
#define PM_FILE (1UL << 61)
#define PM_MMAP_EXCLUSIVE (1UL << 56)

#define ENTRY_BYTES sizeof(uint64_t)
#define CHUNK_PAGES 512 /* looked up at a time, without mm->lock in between */

/* ---- pagemap ---- */

/* The words of the pages from @start on. */
struct chunk {
	vaddr_t start;
	uint64_t *entry;
};

static uint64_t swap_entry_word(swap_t entry)
{
	return PM_SWAP | (entry & UINT32_MAX) << PM_SWAP_SLOT_SHIFT |
	       entry >> 32;
}

/* A block has one count of references, in its first frame. */
static void enter_large(const struct chunk *chunk, vaddr_t addr, pte_t large,
			size_t bytes)
{
	uint64_t *entry = chunk->entry + ((addr - chunk->start) >> PAGE_SHIFT);
	const struct frame *first = pfn_to_frame(pte_pfn(large));
	size_t from = pte_index(addr, 0);
	bool zero = large_page_is_zero(large);

	for (size_t i = from; i < from + (bytes >> PAGE_SHIFT); i++) {
		const struct frame *frame = first->order ? first : first + i;

		*entry = PM_PRESENT | (pte_pfn(large) + i);
		if (!zero && frame_mappers(frame) == 1)
			*entry |= PM_MMAP_EXCLUSIVE;
		entry++;
	}
}

static void enter_page(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	const struct chunk *chunk = arg;
	uint64_t entry = PM_PRESENT | pte_pfn(*pte);
	const struct frame *frame;

	if (pte_is_swap(*pte))
		chunk->entry[(addr - chunk->start) >> PAGE_SHIFT] =
			swap_entry_word(pte_swap(*pte));
	if (!pte_has_frame(*pte))
		return;
	if (pte_is_large(*pte)) {
		enter_large(chunk, addr, *pte, bytes);
		return;
	}
	frame = pfn_to_frame(pte_pfn(*pte));
	if (!frame_is_anon(frame) && frame != zero_frame)
		entry |= PM_FILE;
	if (frame != zero_frame && frame_mappers(frame) == 1)
		entry |= PM_MMAP_EXCLUSIVE;
	chunk->entry[(addr - chunk->start) >> PAGE_SHIFT] = entry;
}

static void look_up(struct mm_struct *mm, uint64_t *entries, vaddr_t start,
		    size_t nr)
{
	struct chunk chunk = { start, entries };

	memset(entries, 0, nr * ENTRY_BYTES);
	mutex_lock(&mm->lock);
	page_walk(mm, start, start + nr * PAGE_SIZE, enter_page, &chunk);
	mutex_unlock(&mm->lock);
}

static ssize_t read_entries(struct mm_struct *mm, uint64_t *entries,
			    struct io_buf *to, loff_t *pos)
{
	loff_t start = *pos;

	while (to->bytes) {
		uint64_t page = (uint64_t)*pos / ENTRY_BYTES;
		size_t nr = to->bytes / ENTRY_BYTES, copied;

		if (page >= USER_END >> PAGE_SHIFT)
			break;
		if (nr > CHUNK_PAGES)
			nr = CHUNK_PAGES;
		if (nr > (USER_END >> PAGE_SHIFT) - page)
			nr = (USER_END >> PAGE_SHIFT) - page;
		look_up(mm, entries, page << PAGE_SHIFT, nr);
		copied = io_put(to, entries, nr * ENTRY_BYTES);
		*pos += (loff_t)copied;
		if (copied < nr * ENTRY_BYTES)
			return *pos > start ? *pos - start : -EFAULT;
	}
	return *pos - start;
}

ssize_t proc_read_pagemap(struct mm_struct *mm, struct io_buf *to, loff_t *pos)
{
	uint64_t *entries;
	ssize_t n;

	if ((uint64_t)*pos % ENTRY_BYTES || to->bytes % ENTRY_BYTES)
		return -EINVAL;
	entries = kmalloc(CHUNK_PAGES * ENTRY_BYTES);
	if (!entries)
		return -ENOMEM;
	n = read_entries(mm, entries, to, pos);
	kfree(entries);
	return n;
}

/* ---- clear_refs ---- */

enum clear_refs {
	CLEAR_REFS_ALL = 1,
	CLEAR_REFS_ANON = 2,
	CLEAR_REFS_MAPPED = 3, /* pages of files */
	CLEAR_REFS_SOFT_DIRTY = 4, /* accepted; no such bits are kept */
	CLEAR_REFS_HIWATER = 5, /* VmHWM starts again from VmRSS */
};

static void clear_accessed(void *arg, vaddr_t addr, pte_t *pte, size_t bytes)
{
	(void)arg;
	(void)addr;
	(void)bytes;
	if (pte_has_frame(*pte))
		*pte = pte_mkold(*pte);
}

static void clear_refs(struct mm_struct *mm, enum clear_refs what)
{
	mutex_lock(&mm->lock);
	for (const struct vma *vma = mm->vmas.first; vma; vma = vma->next)
		if (what == CLEAR_REFS_ALL ||
		    (what == CLEAR_REFS_MAPPED) == (vma->file != NULL))
			page_walk(mm, vma->start, vma->end, clear_accessed,
				  NULL);
	/* The CPU sets the bit when it fetches an entry, so it must do that. */
	if (mm_is_loaded(mm))
		tlb_flush_mm();
	mutex_unlock(&mm->lock);
}

static void reset_max_rss(struct mm_struct *mm)
{
	mutex_lock(&mm->lock);
	mm->max_rss = mm_rss(mm);
	mutex_unlock(&mm->lock);
}

/*
 * 4 is a success that does nothing, as on a Linux without CONFIG_MEM_SOFT_DIRTY:
 * bit 55 of pagemap is always 0.
 */
int proc_write_clear_refs(struct task *task, const char *text, size_t bytes)
{
	struct mm_struct *mm;
	int64_t what;

	(void)bytes;
	if (proc_parse_number(text, CLEAR_REFS_ALL, CLEAR_REFS_HIWATER, &what))
		return -EINVAL;
	if (what == CLEAR_REFS_SOFT_DIRTY)
		return 0;
	mm = task_mm_get_locked(task);
	if (!mm)
		return 0;
	if (what == CLEAR_REFS_HIWATER)
		reset_max_rss(mm);
	else
		clear_refs(mm, (enum clear_refs)what);
	mm_put(mm);
	return 0;
}
