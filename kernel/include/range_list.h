/*
 * A short sorted list of address ranges that never touch or overlap.
 *
 * Pure logic over an array, for the time before any allocator; a host test
 * compiles it as it is.
 */
#pragma once

#include "types.h"

#define RANGE_LIST_MAX 128

struct early_range {
	paddr_t start, end; /* half-open, start < end */
};

struct range_list {
	size_t nr;
	struct early_range range[RANGE_LIST_MAX];
};

/* Add [start, end); it merges with what it touches. False: the list is full. */
bool range_list_add(struct range_list *list, paddr_t start, paddr_t end);

/*
 * Cut the first part that [start, end) shares with the list out of it and tell
 * it in *@hit. False: nothing is shared (any more), or the list is full and
 * cutting would need one more entry.
 */
bool range_list_cut(struct range_list *list, paddr_t start, paddr_t end,
		    struct early_range *hit);
