/* An allocator would believe that memory is back when it is not. */
#include "memory.h"

int main(void)
{
	char *addr = map_pages(2, RW);

	CHECK_EQ(sys(SYS_munmap, addr + 1, PAGE_SIZE), -EINVAL);
	CHECK_EQ(sys(SYS_munmap, addr, 0), -EINVAL);
	CHECK_EQ(sys(SYS_munmap, addr, -1UL), -EINVAL);
	CHECK_EQ(sys(SYS_munmap, addr, 1UL << 47), -EINVAL);
	CHECK_EQ(sys(SYS_munmap, 1UL << 47, PAGE_SIZE), -EINVAL);
	CHECK_EQ(sys(SYS_munmap, -PAGE_SIZE, PAGE_SIZE), -EINVAL);
	CHECK_EQ(sys(SYS_munmap, -PAGE_SIZE, 2 * PAGE_SIZE), -EINVAL);
	CHECK_EQ(probe(addr), CAN_BOTH);

	/* Nothing there: fine, there is nothing there afterwards. */
	unmap_pages(addr, 2);
	CHECK_EQ(sys(SYS_munmap, addr, 2 * PAGE_SIZE), 0);
	return check_passed();
}
