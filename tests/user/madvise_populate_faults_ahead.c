/*
 * A program populates so that a later touch cannot fault, and asks for -EFAULT
 * instead of a SIGBUS: neither may fail silently.
 */
// linux: zero-frame
#include <fcntl.h>

#include "memory.h"

static long populate(char *addr, unsigned long nr, int advice)
{
	return sys(SYS_madvise, addr, nr * PAGE_SIZE, advice);
}

static void check_anonymous(void)
{
	char *area = map_pages(8, RW);
	long before;

	CHECK_EQ(populate(area, 8, MADV_POPULATE_READ), 0);
	before = faults_start();
	CHECK_EQ(read_pages(area, 8), 0);
	CHECK_EQ(minor_faults() - before, 0);
	CHECK_EQ(populate(area, 8, MADV_POPULATE_WRITE), 0);
	CHECK_EQ(minor_faults() - before, 8);
	write_pages(area, 8, 1);
	CHECK_EQ(minor_faults() - before, 8);
}

static void check_rights(void)
{
	char *area = map_pages(3, PROT_READ);

	CHECK_EQ(populate(area, 3, MADV_POPULATE_WRITE), -EINVAL);
	CHECK_EQ(populate(area, 3, MADV_POPULATE_READ), 0);
	CHECK_EQ(sys(SYS_mprotect, area + PAGE_SIZE, PAGE_SIZE, PROT_NONE), 0);
	CHECK_EQ(populate(area, 3, MADV_POPULATE_READ), -EINVAL);
	unmap_pages(area + PAGE_SIZE, 1);
	CHECK_EQ(populate(area, 3, MADV_POPULATE_READ), -ENOMEM);
}

static void check_behind_the_end(void)
{
	long fd = sys(SYS_open, "/tmp/populate-test", O_RDWR | O_CREAT, 0600);
	char *map;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, PAGE_SIZE + 1), 0);
	map = (char *)sys(SYS_mmap, 0, 3 * PAGE_SIZE, RW, MAP_SHARED, fd, 0);
	CHECK((long)map > 0);
	CHECK_EQ(populate(map, 2, MADV_POPULATE_WRITE), 0);
	CHECK_EQ(populate(map, 3, MADV_POPULATE_WRITE), -EFAULT);
	CHECK_EQ(populate(map, 3, MADV_POPULATE_READ), -EFAULT);
	CHECK_EQ(sys(SYS_unlink, "/tmp/populate-test"), 0);
}

int main(void)
{
	check_anonymous();
	check_rights();
	check_behind_the_end();
	return check_passed();
}
