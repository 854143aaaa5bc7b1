/*
 * Who is given a sealed file relies on it: it can be mapped and read without fear
 * that the giver cuts it off or changes it meanwhile.
 */
#include <fcntl.h>

#include "memory.h"

static long create(unsigned int flags)
{
	long fd = sys(SYS_memfd_create, "sealed", flags);

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, 2 * PAGE_SIZE), 0);
	return fd;
}

static long seal(long fd, long seals)
{
	return sys(SYS_fcntl, fd, F_ADD_SEALS, seals);
}

static long map(long fd, int prot, int flags)
{
	return sys(SYS_mmap, 0, PAGE_SIZE, prot, flags, fd, 0);
}

static void check_calls(void)
{
	long fd = create(0);
	int ends[2];

	CHECK_EQ(sys(SYS_fcntl, fd, F_GET_SEALS), F_SEAL_SEAL);
	CHECK_EQ(seal(fd, F_SEAL_GROW), -EPERM);
	fd = create(MFD_ALLOW_SEALING);
	CHECK_EQ(sys(SYS_fcntl, fd, F_GET_SEALS), 0);
	CHECK_EQ(seal(fd, 0x1000), -EINVAL);
	CHECK_EQ(seal(fd, F_SEAL_GROW), 0);
	CHECK_EQ(seal(fd, F_SEAL_SEAL), 0);
	CHECK_EQ(seal(fd, F_SEAL_SHRINK), -EPERM);
	CHECK_EQ(sys(SYS_fcntl, fd, F_GET_SEALS), F_SEAL_GROW | F_SEAL_SEAL);
	CHECK_EQ(sys(SYS_pipe, ends), 0);
	CHECK_EQ(sys(SYS_fcntl, ends[0], F_GET_SEALS), -EINVAL);
}

static void check_size(void)
{
	static char bytes[3 * PAGE_SIZE];
	long fd = create(MFD_ALLOW_SEALING);

	CHECK_EQ(seal(fd, F_SEAL_SHRINK), 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, PAGE_SIZE), -EPERM);
	CHECK_EQ(sys(SYS_ftruncate, fd, 3 * PAGE_SIZE), 0);
	CHECK_EQ(seal(fd, F_SEAL_GROW), 0);
	CHECK_EQ(sys(SYS_ftruncate, fd, 4 * PAGE_SIZE), -EPERM);
	CHECK_EQ(sys(SYS_fallocate, fd, 0, 0, 4 * PAGE_SIZE), -EPERM);
	CHECK_EQ(sys(SYS_pwrite64, fd, bytes, sizeof(bytes), PAGE_SIZE),
		 2 * PAGE_SIZE);
	CHECK_EQ(sys(SYS_pwrite64, fd, bytes, 1, 3 * PAGE_SIZE), -EPERM);
}

static void check_write(void)
{
	long fd = create(MFD_ALLOW_SEALING);
	long at = map(fd, PROT_READ, MAP_SHARED);

	CHECK_EQ(seal(fd, F_SEAL_WRITE), -EBUSY);
	CHECK_EQ(sys(SYS_munmap, at, PAGE_SIZE), 0);
	CHECK(map(fd, RW, MAP_PRIVATE) > 0);
	CHECK_EQ(seal(fd, F_SEAL_WRITE), 0);
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 0), -EPERM);
	CHECK_EQ(sys(SYS_fallocate, fd, 3, 0, PAGE_SIZE), -EPERM);
	CHECK_EQ(map(fd, RW, MAP_SHARED), -EPERM);
	CHECK(map(fd, RW, MAP_PRIVATE) > 0);
}

static void check_future_write(void)
{
	long fd = create(MFD_ALLOW_SEALING), at;
	char *old = (char *)map(fd, RW, MAP_SHARED);

	CHECK_EQ(seal(fd, F_SEAL_FUTURE_WRITE), 0);
	*old = 'o';
	CHECK_EQ(sys(SYS_pwrite64, fd, "x", 1, 0), -EPERM);
	CHECK_EQ(map(fd, RW, MAP_SHARED), -EPERM);
	at = map(fd, PROT_READ, MAP_SHARED);
	CHECK(at > 0);
	CHECK_EQ(*(char *)at, 'o');
	CHECK_EQ(sys(SYS_mprotect, at, PAGE_SIZE, RW), -EACCES);
}

int main(void)
{
	check_calls();
	check_size();
	check_write();
	check_future_write();
	return check_passed();
}
