/*
 * Eviction: a clock over all pages that programs have mapped.
 *
 * The hand goes through one address space after the other, page by page, and
 * stays where it is until somebody needs frames again:
 *
 *	mm A |....#..#.#|   mm B |..###.....|   mm C |#...#.....|
 *	                            ^ hand
 *
 * A page with the accessed bit loses the bit and stays; one that is met without
 * it was not used for a whole round. A page of a file is unmapped and dropped, an
 * anonymous one gets a slot on a swap disk, and its entry the number of that.
 *
 * So reclaim reads page tables and has no lists from frames to their mappings:
 * those would have to be kept up at every fault and fork, which happen all the
 * time, while memory runs out rarely. What that costs: a frame which n programs
 * share is free when the hand has met it in all n. The work is bounded all the
 * same, since the hand never goes back: each round looks at each page once.
 */
#include "evict.h"

#include "large_page.h"
#include "mm.h"
#include "page_cache.h"
#include "pgtable.h"
#include "swap.h"
#include "tmpfs_swap.h"

#define PERCENT 100

int swappiness = 60;

struct evict {
	struct mm_struct *mm;
	size_t target; /* frames that are still wanted */
	size_t budget; /* pages that may still be looked at */
	bool force;
	bool own_only; /* leave alone what others have mapped too */
	size_t nr_freed;
	size_t nr_anon, nr_file; /* how many of these there are: */
	struct frame *anon[SWAP_BATCH_FRAMES], *file[SWAP_BATCH_FRAMES];
};

/* ---- one page ---- */

/* True in @percent of the calls, evenly. */
static bool share_of(int percent, int *sum)
{
	*sum += percent;
	if (*sum < PERCENT)
		return false;
	*sum -= PERCENT;
	return true;
}

/*
 * A page that is old enough may be spared by swappiness: the rarer kind to go
 * gets another round more often.
 */
static bool is_spared(const struct evict *evict, bool anon)
{
	static int anon_sum, file_sum;
	int percent = anon ? swappiness : 2 * PERCENT - swappiness;

	if (evict->force || percent >= PERCENT)
		return false;
	return !share_of(percent, anon ? &anon_sum : &file_sum);
}

static bool has_room(const struct evict *evict)
{
	size_t nr = evict->nr_anon + evict->nr_file;

	return nr + evict->nr_freed < evict->target &&
	       nr < SWAP_BATCH_FRAMES && evict->budget;
}

/*
 * After MADV_FREE the page need not be kept: it goes without a write, unless it
 * was written to meanwhile, which takes that back.
 */
static bool drop_lazy(struct evict *evict, pte_t *pte, struct frame *frame)
{
	if (pte_dirty(*pte) || frame_refs(frame) > 1) {
		frame_flag_clear(frame, FRAME_FLAG_LAZY);
		return false;
	}
	*pte = 0;
	evict->mm->rss[RSS_ANON]--;
	evict->nr_freed++;
	frame_put(frame);
	return true;
}

static void evict_anon(struct evict *evict, pte_t *pte, struct frame *frame)
{
	struct mm_struct *mm = evict->mm;
	swap_t entry;

	if (frame_flag_test(frame, FRAME_FLAG_LAZY) &&
	    drop_lazy(evict, pte, frame))
		return;
	if (is_spared(evict, true))
		return;
	entry = swap_out(frame);
	if (!entry)
		return;
	*pte = pte_make_swap(entry);
	mm->rss[RSS_ANON]--;
	mm->swap_pages++;
	evict->anon[evict->nr_anon++] = frame;
}

/* What a file of tmpfs has must be written, as if it were anonymous. */
static void evict_file(struct evict *evict, pte_t *pte, struct frame *frame)
{
	if (is_spared(evict, frame->purpose == FRAME_FILE))
		return;
	*pte = 0;
	evict->mm->rss[rss_kind_of(frame)]--;
	evict->file[evict->nr_file++] = frame;
}

/* Whether another page table shows @frame too. */
static bool is_shared(const struct frame *frame)
{
	bool cached = frame->purpose != FRAME_ANON;

	return frame_refs(frame) > 1u + cached;
}

/*
 * A large page has one accessed bit for all of it. When its time has come it is
 * split, which takes no memory, and its parts go one by one.
 */
static enum scan_step look_at_large(struct evict *evict, pte_t *pte)
{
	if (large_page_is_zero(*pte) ||
	    (evict->own_only && is_shared(pfn_to_frame(pte_pfn(*pte)))))
		return SCAN_NEXT;
	if (!pte_accessed(*pte))
		return swap_free_pages() ? SCAN_SPLIT : SCAN_NEXT;
	*pte = pte_mkold(*pte);
	return SCAN_NEXT;
}

static enum scan_step next_step(const struct evict *evict)
{
	return has_room(evict) ? SCAN_NEXT : SCAN_STOP;
}

/* pgtable_scan_fn: look at one page. */
static enum scan_step look(void *arg, vaddr_t addr, pte_t *pte)
{
	struct evict *evict = arg;
	struct frame *frame;

	(void)addr;
	evict->budget--;
	if (pte_is_large(*pte))
		return look_at_large(evict, pte);
	frame = pfn_to_frame(pte_pfn(*pte));
	if (frame == zero_frame || (evict->own_only && is_shared(frame)))
		return next_step(evict);
	if (pte_accessed(*pte))
		*pte = pte_mkold(*pte);
	else if (frame_is_anon(frame))
		evict_anon(evict, pte, frame);
	else if (frame->purpose == FRAME_CACHE ||
		 (frame->purpose == FRAME_FILE && swap_free_pages()))
		evict_file(evict, pte, frame);
	return next_step(evict);
}

/* ---- one address space ---- */

/* The page has been unmapped and we have a reference; its file exists. */
static void give_up_file(struct evict *evict, struct frame *frame)
{
	if (frame->purpose == FRAME_CACHE)
		evict->nr_freed += page_cache_give_up(frame);
	else if (tmpfs_swap_out(frame))
		evict->anon[evict->nr_anon++] = frame;
	else
		frame_put(frame);
}

/*
 * The TLB forgets what was changed before anybody can run. The files' inodes
 * exist because VMAs of this address space map them.
 */
static void finish_locked(struct evict *evict)
{
	if (mm_is_loaded(evict->mm))
		tlb_flush_mm();
	for (size_t i = 0; i < evict->nr_file; i++)
		give_up_file(evict, evict->file[i]);
	evict->nr_file = 0;
}

/* With no lock: writing takes time, and whoever faults finds the cache. */
static void write_out(struct evict *evict)
{
	evict->nr_freed += swap_write(evict->anon, evict->nr_anon);
	evict->nr_anon = 0;
}

/*
 * Go on from where the hand is; what mlock() keeps is passed over. True: the end
 * of the address space was reached.
 */
static bool scan_locked(struct evict *evict)
{
	struct mm_struct *mm = evict->mm;
	struct vma *vma = vma_find(&mm->vmas, mm->scan_addr);

	while (vma && has_room(evict)) {
		if (mm->scan_addr < vma->start)
			mm->scan_addr = vma->start;
		if (vma->flags & VM_LOCKED)
			mm->scan_addr = vma->end;
		else
			mm->scan_addr = pgtable_scan(mm, mm->scan_addr,
						     vma->end, look, evict);
		if (mm->scan_addr == vma->end)
			vma = vma->next;
	}
	if (!vma)
		mm->scan_addr = 0;
	return !vma;
}

static bool visit(struct evict *evict, struct mm_struct *mm)
{
	bool finished;

	evict->mm = mm;
	evict->budget--;
	mutex_lock(&mm->lock);
	finished = scan_locked(evict);
	finish_locked(evict);
	mutex_unlock(&mm->lock);
	write_out(evict);
	return finished;
}

/* ---- all of them ---- */

/* Twice around, and once more for the one in which the hand was. */
#define ROUNDS 2

size_t evict_pages(size_t target, size_t budget, bool force)
{
	struct evict evict = { .target = target, .budget = budget,
			       .force = force };
	size_t visits = ROUNDS * mm_count() + 1;

	while (visits && evict.nr_freed < target && evict.budget) {
		struct mm_struct *mm = mm_first();

		if (!mm)
			break;
		if (visit(&evict, mm)) {
			mm_move_to_end(mm);
			visits--;
		}
		mm_put(mm);
	}
	return evict.nr_freed;
}

/* ---- at a program's own wish ---- */

/* pgtable_scan_fn: MADV_COLD. */
static enum scan_step make_cold(void *arg, vaddr_t addr, pte_t *pte)
{
	(void)arg, (void)addr;
	*pte = pte_mkold(*pte);
	return SCAN_NEXT;
}

/* pgtable_scan_fn: MADV_PAGEOUT, which asks for no second chance. */
static enum scan_step page_out(void *arg, vaddr_t addr, pte_t *pte)
{
	*pte = pte_mkold(*pte);
	return look(arg, addr, pte);
}

vaddr_t evict_range_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end,
			   bool now)
{
	struct evict evict = { .mm = mm, .target = SIZE_MAX,
			       .budget = SIZE_MAX, .force = true,
			       .own_only = true };

	assert_held(&mm->lock);
	if (!now) {
		pgtable_scan(mm, start, end, make_cold, NULL);
		finish_locked(&evict);
		return end;
	}
	start = pgtable_scan(mm, start, end, page_out, &evict);
	finish_locked(&evict);
	mutex_unlock(&mm->lock);
	write_out(&evict);
	mutex_lock(&mm->lock);
	return start;
}
