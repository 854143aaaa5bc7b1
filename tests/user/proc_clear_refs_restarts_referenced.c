/*
 * The working set of a program is what is Referenced some time after clear_refs;
 * a mark that stays, or never comes back, makes that a random number.
 */
#include "proc.h"

#define CLEAR "/proc/self/clear_refs"

/*
 * Linux leaves to the TLB what it has: a page that is there is used unseen.
 * Taking rights away and giving them back empties it.
 */
static void empty_tlb(char *region)
{
	CHECK_EQ(sys(SYS_mprotect, region, 8 * PAGE_SIZE, PROT_READ), 0);
	CHECK_EQ(sys(SYS_mprotect, region, 8 * PAGE_SIZE, RW), 0);
}

int main(void)
{
	char *region = map_pages(10, PROT_NONE) + PAGE_SIZE;

	map_fixed(region, 8, RW);
	write_pages(region, 8, 1);
	CHECK_EQ(proc_value(smaps_of(region), "Referenced"), 32);
	CHECK_EQ(proc_write(CLEAR, "1\n"), 2);
	CHECK_EQ(proc_value(smaps_of(region), "Referenced"), 0);
	CHECK_EQ(proc_value(smaps_of(region), "Rss"), 32);
	empty_tlb(region);
	read_pages(region, 3);
	CHECK_EQ(proc_value(smaps_of(region), "Referenced"), 12);
	CHECK_EQ(proc_write(CLEAR, "3"), 1); /* files only */
	CHECK_EQ(proc_value(smaps_of(region), "Referenced"), 12);
	CHECK_EQ(proc_write(CLEAR, "2"), 1);
	CHECK_EQ(proc_value(smaps_of(region), "Referenced"), 0);

	unmap_pages(region, 8);
	CHECK_EQ(proc_write(CLEAR, "5"), 1); /* the high-water mark */
	map_fixed(region, 8, RW);
	CHECK_EQ(proc_write(CLEAR, "0"), -EINVAL);
	CHECK_EQ(proc_write(CLEAR, "6"), -EINVAL);
	CHECK_EQ(proc_write(CLEAR, "x"), -EINVAL);
	return check_passed();
}
