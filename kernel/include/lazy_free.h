/*
 * Pages that may be given up: MADV_FREE.
 */
#pragma once

#include "types.h"

struct mm_struct;

/*
 * The contents of [start, end), private anonymous memory, are of no use any more.
 * Caller holds mm->lock.
 */
void lazy_free_locked(struct mm_struct *mm, vaddr_t start, vaddr_t end);
