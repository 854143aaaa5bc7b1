/*
 * The ledger's totals and its equation; frame.c and early.c do the counting.
 */
#include "ledger.h"

struct ledger ledger;

const char *ledger_name(enum frame_purpose purpose)
{
	static const char *const names[NR_FRAME_PURPOSES] = {
		[FRAME_HOLE] = "hole",
		[FRAME_FREE] = "free",
		[FRAME_KERNEL] = "kernel image",
		[FRAME_METADATA] = "frame metadata",
		[FRAME_INITRD] = "initramfs",
		[FRAME_KHEAP] = "kernel heap",
		[FRAME_KSTACK] = "kernel stacks",
		[FRAME_PGTABLE] = "page tables",
		[FRAME_ZERO] = "zero frame",
		[FRAME_ANON] = "anonymous",
		[FRAME_SWAP] = "swap cache",
		[FRAME_FILE] = "files",
		[FRAME_CACHE] = "page cache",
		[FRAME_PIPE] = "pipes",
	};

	return purpose < NR_FRAME_PURPOSES ? names[purpose] : "?";
}

bool ledger_balanced(void)
{
	uint64_t sum = 0;

	for (int purpose = FRAME_FREE; purpose < NR_FRAME_PURPOSES; purpose++)
		sum += ledger.frames[purpose];
	return sum == ledger.total;
}
