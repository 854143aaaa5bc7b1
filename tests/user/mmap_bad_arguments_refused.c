/*
 * A program that checks mmap's errors (every allocator does) would take a
 * refusal for memory, or retry for ever on the wrong errno.
 */
#include "memory.h"

static long map(unsigned long addr, unsigned long bytes, int prot, int flags)
{
	return sys(SYS_mmap, addr, bytes, prot, flags, -1, 0);
}

int main(void)
{
	CHECK_EQ(map(0, 0, RW, ANON), -EINVAL);
	CHECK_EQ(map(0, -1UL, RW, ANON), -ENOMEM);
	CHECK_EQ(map(0, -PAGE_SIZE, RW, ANON), -ENOMEM);
	CHECK_EQ(map(0, 1UL << 47, RW, ANON), -ENOMEM);
	CHECK_EQ(map(0, 1UL << 63, RW, ANON), -ENOMEM);

	/* Neither private nor shared, or both in a wrong way. */
	CHECK_EQ(map(0, PAGE_SIZE, RW, MAP_ANONYMOUS), -EINVAL);

	/* MAP_FIXED takes the address literally. */
	CHECK_EQ(map(0x10000001, PAGE_SIZE, RW, ANON | MAP_FIXED), -EINVAL);
	CHECK_EQ(map(USER_END, PAGE_SIZE, RW, ANON | MAP_FIXED), -ENOMEM);
	CHECK_EQ(map(USER_END - PAGE_SIZE, 2 * PAGE_SIZE, RW,
		     ANON | MAP_FIXED), -ENOMEM);
	CHECK_EQ(map(-PAGE_SIZE, PAGE_SIZE, RW, ANON | MAP_FIXED), -ENOMEM);
	CHECK_EQ(map(1UL << 47, PAGE_SIZE, RW, ANON | MAP_FIXED), -ENOMEM);

	/* Files: a bad descriptor, an offset in the middle of a page. */
	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_PRIVATE, -1, 0), -EBADF);
	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_PRIVATE, 99, 0), -EBADF);
	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, RW, ANON, -1, 1), -EINVAL);
	return check_passed();
}
