/*
 * Walking a range of page tables, for those pgtable_*.c that change many pages.
 *
 * A walk yields the entries of one lowest-level table at a time and steps over
 * what does not exist by whole upper-level entries. A terabyte of untouched
 * address space costs two steps. A large page is a step of its own; what to do
 * with it is in large_page.c.
 */
#pragma once

#include "arch.h"
#include "types.h"

struct mm_struct;

/*
 * The existing entries of one lowest-level table, for [addr, end); or, if @large,
 * the one entry of a pd that shows a large page there.
 */
struct span {
	vaddr_t addr, end;
	pte_t *pte; /* entry of addr; NULL before the first */
	bool large;
};

/*
 * Advance to the next table that exists and covers a part of [span->end, end).
 * Start with span->end at the first address. Changes nothing: a large page may
 * reach over the edges of the span.
 */
bool span_peek(const struct mm_struct *mm, struct span *span, vaddr_t end);

/* The same; a large page is split unless the span is all of it. */
bool span_next(struct mm_struct *mm, struct span *span, vaddr_t end);

/* Forget the translations of [start, end) if @mm is loaded. */
void span_flush(const struct mm_struct *mm, vaddr_t start, vaddr_t end);
