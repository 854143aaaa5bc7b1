/*
 * Programs ask msync() whether an address is mapped (libunwind does so for every
 * frame), so its errors are an interface of their own.
 */
#include "memory.h"

int main(void)
{
	char *area = map_pages(4, RW);

	unmap_pages(area + PAGE_SIZE, 1);
	CHECK_EQ(sys(SYS_msync, area, PAGE_SIZE, MS_ASYNC), 0);
	CHECK_EQ(sys(SYS_msync, area, 1, MS_SYNC | MS_INVALIDATE), 0);
	CHECK_EQ(sys(SYS_msync, area, 0, 0), 0);
	CHECK_EQ(sys(SYS_msync, area + PAGE_SIZE, 0, MS_SYNC), 0);
	CHECK_EQ(sys(SYS_msync, area, PAGE_SIZE, 8), -EINVAL);
	CHECK_EQ(sys(SYS_msync, area, PAGE_SIZE, MS_ASYNC | MS_SYNC), -EINVAL);
	CHECK_EQ(sys(SYS_msync, area + 1, 1, MS_ASYNC), -EINVAL);
	CHECK_EQ(sys(SYS_msync, area, 3 * PAGE_SIZE, MS_ASYNC), -ENOMEM);
	CHECK_EQ(sys(SYS_msync, area, 3 * PAGE_SIZE, MS_SYNC), -ENOMEM);
	CHECK_EQ(sys(SYS_msync, area + PAGE_SIZE, PAGE_SIZE, 0), -ENOMEM);
	CHECK_EQ(sys(SYS_msync, area, -4096L, MS_ASYNC), -ENOMEM);

	/* Throwing cached pages away contradicts a lock, wherever it is. */
	CHECK_EQ(sys(SYS_mlock, area + 3 * PAGE_SIZE, 1), 0);
	CHECK_EQ(sys(SYS_msync, area + 2 * PAGE_SIZE, 2 * PAGE_SIZE,
		     MS_INVALIDATE), -EBUSY);
	CHECK_EQ(sys(SYS_msync, area + 2 * PAGE_SIZE, 2 * PAGE_SIZE, MS_SYNC),
		 0);
	return check_passed();
}
