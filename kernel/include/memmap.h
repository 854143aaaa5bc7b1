/*
 * From a firmware memory map, as wrong as firmware makes them, to a clean list.
 *
 * Logic only: tests/host/test_memmap.c runs it on the build machine.
 */
#pragma once

#include "range_list.h"
#include "types.h"

/* One entry as the loader reports it: any order, any bytes, may overlap. */
struct memmap_entry {
	uint64_t start;
	uint64_t length;
	bool usable; /* false: reserved, and that wins over usable */
};

/*
 * Reduce @nr entries to page-aligned ranges of usable RAM in @out.
 *
 * Usable entries shrink to whole pages, reserved ones grow to them. Nothing at
 * or above @limit (the end of the CPU's physical addresses, page aligned) is
 * kept, and never frame 0: a physical address of 0 means "none". Where @out is
 * too short, memory is left out; reserved memory never gets in.
 */
void memmap_normalise(const struct memmap_entry *entries, size_t nr,
		      uint64_t limit, struct range_list *out);
