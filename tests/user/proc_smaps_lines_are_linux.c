/*
 * Scripts cut smaps into columns; a label, a width or a flag that differs from
 * Linux's breaks them.
 *
 * Pages of two kernels differ in size of nothing, but Linux since 6.9 prints
 * other lines between those that are compared: only the common ones are.
 */
#include "proc.h"

static const char *const lines[] = {
	"Size:                 12 kB\n",
	"KernelPageSize:        4 kB\n",
	"MMUPageSize:           4 kB\n",
	"Rss:                   8 kB\n",
	"Pss:                   8 kB\n",
	"Pss_Dirty:             8 kB\n",
	"Shared_Clean:          0 kB\n",
	"Shared_Dirty:          0 kB\n",
	"Private_Clean:         0 kB\n",
	"Private_Dirty:         8 kB\n",
	"Referenced:            8 kB\n",
	"Anonymous:             8 kB\n",
	"KSM:                   0 kB\n",
	"LazyFree:              0 kB\n",
	"AnonHugePages:         0 kB\n",
	"ShmemPmdMapped:        0 kB\n",
	"FilePmdMapped:         0 kB\n",
	"Shared_Hugetlb:        0 kB\n",
	"Private_Hugetlb:       0 kB\n",
	"Swap:                  0 kB\n",
	"SwapPss:               0 kB\n",
	"Locked:                0 kB\n",
	"THPeligible:           0\n",
};

/* Each line is there, in this order. */
static void check_lines(const char *text)
{
	for (unsigned long i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		const char *found = strstr(text, lines[i]);

		if (!found)
			CHECK_STR(text, lines[i]);
		text = found;
	}
}

static void check_flags(const char *text, const char *flags)
{
	const char *line = strstr(text, "VmFlags: ");

	CHECK(line != NULL);
	CHECK_STR(line, flags);
}

int main(void)
{
	char *place = map_pages(5, PROT_NONE);
	char *region = place + PAGE_SIZE;

	map_fixed(region, 3, RW);
	write_pages(region, 2, 1);
	check_lines(smaps_of(region));
	check_flags(smaps_of(region), "VmFlags: rd wr mr mw me ac \n");
	CHECK_EQ(sys(SYS_mprotect, region, 3 * PAGE_SIZE, PROT_READ), 0);
	check_flags(smaps_of(region), "VmFlags: rd mr mw me ac \n");
	CHECK_EQ(sys(SYS_mmap, region, 3 * PAGE_SIZE, RW,
		     MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0), region);
	check_flags(smaps_of(region), "VmFlags: rd wr sh mr mw me ms \n");
	return check_passed();
}
