/*
 * From a firmware memory map, as wrong as firmware makes them, to a clean list.
 *
 * Logic only: tests/host/test_memmap.c runs it on the build machine.
 */
#pragma once

#include "boot.h"
#include "types.h"

/* One entry as the loader reports it: any order, any bytes, may overlap. */
struct memmap_entry {
	uint64_t start;
	uint64_t length;
	bool usable; /* false: reserved, and that wins over usable */
};

/*
 * Reduce @nr entries to sorted, disjoint, page-aligned ranges of usable RAM
 * in @out, and return how many there are.
 *
 * Usable entries shrink to whole pages, reserved ones grow to them. Nothing at
 * or above @limit (the end of the CPU's physical addresses) is kept, and never
 * frame 0: a physical address of 0 means "none". When more than @max_out ranges
 * remain, the smallest ones are left out.
 */
size_t memmap_normalise(const struct memmap_entry *entries, size_t nr,
			uint64_t limit, struct mem_range *out, size_t max_out);
