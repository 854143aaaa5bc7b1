/*
 * read() into fresh memory faults inside the kernel: those faults would be
 * missing from the count, or the call would fail on memory that is fine.
 */
#include <fcntl.h>

#include "memory.h"

#define NR_PAGES 8

int main(void)
{
	long zero = sys(SYS_openat, AT_FDCWD, "/dev/zero", O_RDONLY);
	char *warm = map_pages(1, RW);
	char *addr = map_pages(NR_PAGES, RW);
	long before;

	CHECK(zero >= 0);
	CHECK_EQ(sys(SYS_read, zero, warm, PAGE_SIZE), PAGE_SIZE);
	before = faults_start();
	CHECK_EQ(sys(SYS_read, zero, addr, NR_PAGES * PAGE_SIZE),
		 NR_PAGES * PAGE_SIZE);
	CHECK_EQ(minor_faults() - before, NR_PAGES);
	write_pages(addr, NR_PAGES, 1);
	CHECK_EQ(minor_faults() - before, NR_PAGES);
	return check_passed();
}
