/*
 * /proc/swaps: the areas that pages are swapped to.
 */
#include "proc_memory.h"

#include "arch.h"
#include "proc_text.h"
#include "string.h"
#include "swap.h"

#define PATH_COLUMNS 40
#define WIDE_KIB 10000000 /* from here on a number needs no second tab */

static const char *second_tab(uint64_t kib)
{
	return kib < WIDE_KIB ? "\t" : "";
}

static void put_area(struct proc_text *text, const struct swap_info *area)
{
	const uint64_t page_kib = PAGE_SIZE / 1024;
	uint64_t size = area->pages * page_kib, used = area->used * page_kib;
	size_t length = strlen(area->path);

	proc_printf(text, "%s%*s", area->path,
		    length < PATH_COLUMNS ? (int)(PATH_COLUMNS - length) : 1,
		    " ");
	proc_printf(text, "partition\t%lu\t%s%lu\t%s%d\n", size,
		    second_tab(size), used, second_tab(used), area->priority);
}

void proc_format_swaps(struct proc_text *text, struct task *task)
{
	struct swap_info area;

	(void)task;
	proc_printf(text, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\t"
			  "Priority\n");
	for (unsigned int i = 0; i < SWAP_AREAS_MAX; i++)
		if (swap_area_info(i, &area))
			put_area(text, &area);
}
