/*
 * Looking at the pages of an address space, for those who only count them.
 */
#pragma once

#include "arch.h"
#include "types.h"

struct mm_struct;

/*
 * What is called for a page: @pte is its entry, which may be changed, @bytes its
 * size. Of a large page that is as much as lies in the range, and the entry is
 * that of the whole.
 */
typedef void (*page_walk_fn)(void *arg, vaddr_t addr, pte_t *pte, size_t bytes);

/*
 * Call @fn for each page of [start, end), page aligned, whose entry is not
 * empty, in order of address. Costs nothing for what has no table. Caller holds
 * mm->lock and, if @fn took rights or marks away, flushes the TLB afterwards.
 */
void page_walk(struct mm_struct *mm, vaddr_t start, vaddr_t end,
	       page_walk_fn fn, void *arg);
