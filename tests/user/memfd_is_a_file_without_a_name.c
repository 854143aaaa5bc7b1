/*
 * Programs share memory through descriptors that no path leads to: what one
 * writes, another must see, through read(), write() and every kind of mapping.
 */
#include <fcntl.h>

#include "memory.h"

static long create(const char *name, unsigned int flags)
{
	return sys(SYS_memfd_create, name, flags);
}

static void check_arguments(void)
{
	static char name[300];
	long fd;

	memset(name, 'a', sizeof(name) - 1);
	CHECK_EQ(create(name, 0), -EINVAL);
	name[250] = '\0';
	CHECK_EQ(create(name, 0), -EINVAL);
	name[249] = '\0';
	fd = create(name, MFD_CLOEXEC);
	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_fcntl, fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(sys(SYS_close, fd), 0);
	CHECK_EQ(create("x", 0x1000), -EINVAL);
	CHECK_EQ(create((char *)8, 0), -EFAULT);
	fd = create("", 0);
	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_fcntl, fd, F_GETFD), 0);
	CHECK_EQ(sys(SYS_close, fd), 0);
}

static void check_path(void)
{
	char path[32], target[64] = "";
	long fd = create("a/b", 0);

	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	CHECK(sys(SYS_readlink, path, target, sizeof(target) - 1) > 0);
	CHECK_STR(target, "/memfd:a/b (deleted)");
	CHECK_EQ(sys(SYS_close, fd), 0);
}

static void check_contents(void)
{
	long fd = create("contents", 0);
	char *shared, *own, byte = 0;

	CHECK_EQ(sys(SYS_ftruncate, fd, 2 * PAGE_SIZE), 0);
	shared = (char *)sys(SYS_mmap, 0, 2 * PAGE_SIZE, RW, MAP_SHARED, fd, 0);
	own = (char *)sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_PRIVATE, fd,
			  PAGE_SIZE);
	CHECK((long)shared > 0 && (long)own > 0);
	shared[PAGE_SIZE] = 'x';
	CHECK_EQ(*own, 'x');
	*own = 'y';
	CHECK_EQ(sys(SYS_pread64, fd, &byte, 1, PAGE_SIZE), 1);
	CHECK_EQ(byte, 'x');
	CHECK_EQ(sys(SYS_pwrite64, fd, "z", 1, 0), 1);
	CHECK_EQ(*shared, 'z');
	CHECK_EQ(sys(SYS_close, fd), 0);	/* the mappings keep it */
	CHECK_EQ(*shared, 'z');
}

static void check_sharing(void)
{
	long fd = create("between processes", 0);
	char *shared;
	pid_t pid;

	CHECK_EQ(sys(SYS_ftruncate, fd, PAGE_SIZE), 0);
	shared = (char *)sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_SHARED, fd, 0);
	pid = check_fork();
	if (pid == 0) {
		*shared = 'c';
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(*shared, 'c');
}

int main(void)
{
	check_arguments();
	check_path();
	check_contents();
	check_sharing();
	return check_passed();
}
