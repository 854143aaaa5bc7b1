/*
 * Transparent large pages: who gets them, and when.
 *
 * A first touch of private anonymous memory maps 2 MiB at once where a whole
 * aligned large page lies inside the VMA, nothing of it has been touched, and
 * both the machine's setting and the program agree:
 *
 *	always    everywhere but where MADV_NOHUGEPAGE says no
 *	madvise   only where MADV_HUGEPAGE says yes; the default, so that a
 *	          program that does not ask counts one fault for each page
 *	never     nowhere
 *
 * prctl(PR_SET_THP_DISABLE) is a "no" for a whole address space. Stacks and files
 * have small pages. What has been touched in small pages stays small: nobody
 * collects them later.
 */
#pragma once

#include "mm.h"
#include "types.h"

enum thp_mode { THP_ALWAYS, THP_MADVISE, THP_NEVER };

/* /sys/kernel/mm/transparent_hugepage/enabled, use_zero_page: atomic. */
extern int thp_mode;
extern int thp_use_zero_page;

/* Whether a touch of @vma may map a large page: THPeligible of smaps. */
bool thp_is_eligible(const struct mm_struct *mm, const struct vma *vma);

/*
 * A fault at @addr in @vma, whose @access the VMA allows, came to @slot, an entry
 * of a pd that is no table. True: resolved, and *@kind says how. False: @slot is
 * empty or a table now, and the fault is one of a small page. Caller holds
 * mm->lock.
 */
bool thp_fault(struct mm_struct *mm, const struct vma *vma, pte_t *slot,
	       vaddr_t addr, unsigned int access, enum fault_kind *kind);
