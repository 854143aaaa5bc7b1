/*
 * Programs probe for advice that a kernel knows and fall back on -EINVAL; wrong
 * answers send them down a path that nobody has tried. Every rule of madvise(2)
 * about arguments, holes, locks and files.
 */
#include "memory.h"

static char *area; /* 4 pages, a hole of one, 3 pages */

static long advise(unsigned long page, unsigned long nr, int advice)
{
	return sys(SYS_madvise, area + page * PAGE_SIZE, nr * PAGE_SIZE,
		   advice);
}

static const int known[] = {
	MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED,
	MADV_DONTNEED, MADV_FREE, MADV_DONTFORK, MADV_DOFORK, MADV_HUGEPAGE,
	MADV_NOHUGEPAGE, MADV_DONTDUMP, MADV_DODUMP, MADV_WIPEONFORK,
	MADV_KEEPONFORK, MADV_COLD, MADV_PAGEOUT, MADV_POPULATE_READ,
	MADV_POPULATE_WRITE, MADV_DONTNEED_LOCKED,
};

static void check_known(void)
{
	for (unsigned long i = 0; i < sizeof(known) / sizeof(*known); i++) {
		CHECK_EQ(advise(0, 4, known[i]), 0);
		CHECK_EQ(advise(2, 4, known[i]), -ENOMEM);
		CHECK_EQ(advise(4, 1, known[i]), -ENOMEM);
		CHECK_EQ(advise(4, 0, known[i]), 0);
		CHECK_EQ(sys(SYS_madvise, area + 1, 0, known[i]), -EINVAL);
	}
}

static void check_arguments(void)
{
	CHECK_EQ(advise(0, 1, 5), -EINVAL);
	CHECK_EQ(advise(0, 1, 77), -EINVAL);
	CHECK_EQ(advise(0, 0, -1), -EINVAL);
	CHECK_EQ(sys(SYS_madvise, area, -1L, MADV_NORMAL), -EINVAL);
	CHECK_EQ(sys(SYS_madvise, area, -4096L, MADV_NORMAL), -EINVAL);
	CHECK_EQ(sys(SYS_madvise, -4096L, 4096, MADV_NORMAL), -EINVAL);
	CHECK_EQ(sys(SYS_madvise, KERNEL_ADDR, 4096, MADV_DONTNEED), -ENOMEM);
}

/* Work goes on behind a hole; POPULATE stops in front of it. */
static void check_holes(void)
{
	write_pages(area, 4, 'x');
	write_pages(area + 5 * PAGE_SIZE, 3, 'x');
	CHECK_EQ(advise(3, 3, MADV_DONTNEED), -ENOMEM);
	CHECK_EQ(area[2 * PAGE_SIZE], 'x');
	CHECK_EQ(area[3 * PAGE_SIZE], 0);
	CHECK_EQ(area[5 * PAGE_SIZE], 0);
	CHECK_EQ(area[6 * PAGE_SIZE], 'x');
}

static void check_shared(void)
{
	long addr = sys(SYS_mmap, 0, PAGE_SIZE, RW,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *shared = (char *)addr;

	CHECK(addr > 0);
	*shared = 'x';
	CHECK_EQ(sys(SYS_madvise, shared, 1, MADV_FREE), -EINVAL);
	CHECK_EQ(sys(SYS_madvise, shared, 1, MADV_WIPEONFORK), -EINVAL);
	CHECK_EQ(sys(SYS_madvise, shared, 1, MADV_DONTNEED), 0);
	CHECK_EQ(*shared, 'x');		/* its page is the object's, not ours */
}

static void check_locked(void)
{
	CHECK_EQ(sys(SYS_mlock, area, 1), 0);
	CHECK_EQ(advise(0, 1, MADV_DONTNEED), -EINVAL);
	CHECK_EQ(advise(0, 1, MADV_FREE), -EINVAL);
	CHECK_EQ(advise(0, 1, MADV_COLD), -EINVAL);
	CHECK_EQ(advise(0, 1, MADV_PAGEOUT), -EINVAL);
	CHECK_EQ(*area, 'x');
	CHECK_EQ(advise(0, 1, MADV_DONTNEED_LOCKED), 0);
	CHECK_EQ(*area, 0);
	CHECK_EQ(sys(SYS_munlock, area, 1), 0);
}

int main(void)
{
	area = map_pages(8, RW);
	unmap_pages(area + 4 * PAGE_SIZE, 1);
	check_known();
	check_arguments();
	check_holes();
	check_shared();
	check_locked();
	return check_passed();
}
