/*
 * Sanitizers and garbage collectors reserve terabytes; they would not start,
 * or the kernel would spend its memory on tables nobody needs.
 */
#include "memory.h"

#define TERABYTE (1UL << 40)

int main(void)
{
	long addr = sys(SYS_mmap, 0, 4 * TERABYTE, RW, ANON | MAP_NORESERVE,
			-1, 0);
	char *start = (char *)addr;
	long before;

	CHECK(addr > 0);
	before = faults_start();
	start[0] = start[TERABYTE] = start[3 * TERABYTE + 12345] = 1;
	start[4 * TERABYTE - 1] = 1;
	CHECK_EQ(minor_faults() - before, 4);
	CHECK_EQ(sys(SYS_munmap, addr, 4 * TERABYTE), 0);
	CHECK_EQ(probe(start + TERABYTE), NOTHING);
	return check_passed();
}
