/*
 * Names for addresses in the kernel's code.
 *
 * The build writes the table (boot/symbols.awk): offsets from KERNEL_BASE in
 * ascending order, and for each where its name begins in one long string.
 */
#include "ksym.h"

#include "arch.h"
#include "printk.h"

extern const uint32_t ksym_count;
extern const uint32_t ksym_addrs[];
extern const uint32_t ksym_name_offsets[];
extern const char ksym_names[];

extern char text_start[], text_end[]; /* linker.ld */

const char *ksym_find(uint64_t addr, uint64_t *offset)
{
	size_t low = 0, high = ksym_count;

	if (addr < (uint64_t)text_start || addr >= (uint64_t)text_end)
		return NULL;
	addr -= KERNEL_BASE;
	/* Invariant: ksym_addrs[low - 1] <= addr < ksym_addrs[high]. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ksym_addrs[middle] <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	*offset = addr - ksym_addrs[low - 1];
	return ksym_names + ksym_name_offsets[low - 1];
}

void ksym_print(uint64_t addr)
{
	uint64_t offset;
	const char *name = ksym_find(addr, &offset);

	if (name)
		printk(" %s+0x%lx", name, offset);
	else
		printk(" 0x%lx", addr);
}
