/*
 * Transparent large pages: the policy, and the faults that meet one. See thp.h;
 * how entries are made and split is in large_page.c.
 *
 *	pd entry     access   what is done
 *	empty        read     the shared block of zeros
 *	empty        write    a fresh block of zeros
 *	zeros        write    likewise
 *	shared       write    split; one small page is copied
 *	last sharer  write    keep the frames, all 512
 */
#include "thp.h"

#include "large_page.h"

int thp_mode = THP_MADVISE;
int thp_use_zero_page = 1;

/* Whether the setting and the program want large pages in @vma. */
static bool is_wanted(const struct mm_struct *mm, const struct vma *vma)
{
	if (vma->file || vma->flags & (VM_GROWSDOWN | VM_NOHUGEPAGE) ||
	    mm->no_large_pages)
		return false;
	return thp_mode == THP_ALWAYS ||
	       (thp_mode == THP_MADVISE && vma->flags & VM_HUGEPAGE);
}

/* Whether the large page around @addr lies inside @vma. */
static bool has_room(const struct vma *vma, vaddr_t addr)
{
	vaddr_t start = large_page_align_down(addr);

	return start >= vma->start && vma->end - start >= LARGE_PAGE_SIZE;
}

bool thp_is_eligible(const struct mm_struct *mm, const struct vma *vma)
{
	return vma->end - vma->start >= LARGE_PAGE_SIZE &&
	       has_room(vma, vma->end - LARGE_PAGE_SIZE) && is_wanted(mm, vma);
}

static unsigned int rights_of(const struct vma *vma)
{
	return vma->flags & VM_ACCESS;
}

/* A fresh block of zeros at @slot, which is empty or shows the shared one. */
static bool fault_write(struct mm_struct *mm, const struct vma *vma,
			pte_t *slot)
{
	pte_t fresh = 0;

	if (!large_page_map_fresh(mm, &fresh, rights_of(vma) | VM_READ)) {
		large_page_stats.fault_fallback++;
		return false;
	}
	if (!pte_none(*slot))
		large_page_unmap(mm, slot);
	*slot = fresh;
	large_page_stats.fault_alloc++;
	return true;
}

static bool fault_zero(struct mm_struct *mm, const struct vma *vma, pte_t *slot)
{
	unsigned int rights = rights_of(vma) & ~VM_WRITE;

	if (large_page_map_zero(mm, slot, rights | VM_READ))
		return true;
	large_page_stats.fault_fallback++;
	return false;
}

static bool fault_empty(struct mm_struct *mm, const struct vma *vma,
			pte_t *slot, unsigned int access, enum fault_kind *kind)
{
	bool zero = !(access & ACCESS_WRITE) && thp_use_zero_page;

	*kind = zero ? FAULT_LARGE_ZERO : FAULT_LARGE_WRITE;
	return zero ? fault_zero(mm, vma, slot) : fault_write(mm, vma, slot);
}

/* Whether the entry already allows @access: someone was faster. */
static bool already_fine(pte_t large, unsigned int access)
{
	return pte_present(large) &&
	       (!(access & ACCESS_WRITE) || pte_writable(large));
}

/* A write, or a use of a page whose rights came back, meets a large page. */
static bool fault_present(struct mm_struct *mm, const struct vma *vma,
			  pte_t *slot, unsigned int access,
			  enum fault_kind *kind)
{
	if (already_fine(*slot, access)) {
		*kind = FAULT_SPURIOUS;
		return true;
	}
	if (large_page_is_exclusive(*slot)) {
		*kind = FAULT_COW_REUSE;
		*slot = pte_make_large(pte_pfn(*slot), rights_of(vma));
		return true;
	}
	*kind = FAULT_LARGE_WRITE;
	return large_page_is_zero(*slot) && is_wanted(mm, vma) &&
	       fault_write(mm, vma, slot);
}

bool thp_fault(struct mm_struct *mm, const struct vma *vma, pte_t *slot,
	       vaddr_t addr, unsigned int access, enum fault_kind *kind)
{
	if (pte_none(*slot))
		return is_wanted(mm, vma) && has_room(vma, addr) &&
		       fault_empty(mm, vma, slot, access, kind);
	if (!fault_present(mm, vma, slot, access, kind)) {
		large_page_split(mm, slot, addr);
		return false;
	}
	tlb_flush_page(addr);
	return true;
}
