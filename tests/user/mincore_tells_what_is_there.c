/*
 * Databases and preloaders plan with mincore(): a page is there or it is not,
 * and a byte of the vector that was not asked for must stay as it was.
 */
#include <fcntl.h>

#include "memory.h"

static unsigned char vector[16];

static long mincore_of(char *addr, unsigned long bytes)
{
	memset(vector, 9, sizeof(vector));
	return sys(SYS_mincore, addr, bytes, vector);
}

/* The first bytes of the vector as text: '0', '1', or '9' for untouched. */
static const char *drawn(void)
{
	static char text[sizeof(vector) + 1];

	for (unsigned long i = 0; i < sizeof(vector); i++)
		text[i] = (char)('0' + (vector[i] == 9 ? 9 : vector[i] & 1));
	return text;
}

static void check_anonymous(void)
{
	char *area = map_pages(6, RW);

	area[PAGE_SIZE] = 1;
	CHECK_EQ(read_pages(area + 3 * PAGE_SIZE, 1), 0);
	CHECK_EQ(mincore_of(area, 5 * PAGE_SIZE + 1), 0);
	CHECK_STR(drawn(), "0101009999999999");
	CHECK_EQ(sys(SYS_mprotect, area, 6 * PAGE_SIZE, PROT_NONE), 0);
	CHECK_EQ(mincore_of(area, 2 * PAGE_SIZE), 0);
	CHECK_STR(drawn(), "0199999999999999");
	unmap_pages(area + 2 * PAGE_SIZE, 1);
	CHECK_EQ(mincore_of(area, 6 * PAGE_SIZE), -ENOMEM);
	CHECK_STR(drawn(), "0199999999999999");
}

static void check_arguments(void)
{
	char *area = map_pages(2, RW);

	CHECK_EQ(mincore_of(area + 1, 1), -EINVAL);
	CHECK_EQ(mincore_of(area, 0), 0);
	CHECK_EQ(mincore_of(area, -1UL), -ENOMEM);
	CHECK_EQ(mincore_of(KERNEL_ADDR, PAGE_SIZE), -ENOMEM);
	CHECK_EQ(sys(SYS_mincore, area, PAGE_SIZE, 0), -EFAULT);
	CHECK_EQ(sys(SYS_mincore, area, PAGE_SIZE, KERNEL_ADDR), -EFAULT);
	unmap_pages(area, 1);
	CHECK_EQ(sys(SYS_mincore, area, PAGE_SIZE, 0), -ENOMEM);
}

/* A file's page is there as soon as somebody has brought it in. */
static void check_file(void)
{
	long fd = sys(SYS_open, "/dev/shm/mincore-test", O_RDWR | O_CREAT, 0600);
	char *map;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, 4 * PAGE_SIZE), 0);
	map = (char *)sys(SYS_mmap, 0, 4 * PAGE_SIZE, RW, MAP_PRIVATE, fd, 0);
	CHECK((long)map > 0);
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 2 * PAGE_SIZE), 1);
	CHECK_EQ(mincore_of(map, 4 * PAGE_SIZE), 0);
	CHECK_STR(drawn(), "0010999999999999");
	*map = 1;
	CHECK_EQ(mincore_of(map, 4 * PAGE_SIZE), 0);
	CHECK_STR(drawn(), "1010999999999999");
	CHECK_EQ(sys(SYS_unlink, "/dev/shm/mincore-test"), 0);
}

int main(void)
{
	check_anonymous();
	check_arguments();
	check_file();
	return check_passed();
}
