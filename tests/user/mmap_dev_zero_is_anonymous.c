/*
 * Programs older than MAP_ANONYMOUS map /dev/zero; and what is open can be opened
 * once more through /proc/self/fd, whatever has become of its name.
 */
#include <fcntl.h>

#include "memory.h"

static void check_zero(void)
{
	long fd = sys(SYS_open, "/dev/zero", O_RDWR);
	char *own = (char *)sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_PRIVATE, fd,
				5 * PAGE_SIZE);
	char *shared = (char *)sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_SHARED, fd,
				   0);
	pid_t pid;

	CHECK((long)own > 0 && (long)shared > 0);
	CHECK_EQ(own[100] + shared[100], 0);
	pid = check_fork();
	if (pid == 0) {
		*own = *shared = 'c';
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(*own, 0);
	CHECK_EQ(*shared, 'c');
	fd = sys(SYS_open, "/dev/zero", O_RDONLY);
	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_SHARED, fd, 0), -EACCES);
}

static void check_reopen(void)
{
	long fd = sys(SYS_memfd_create, "gone", 0), again;
	char path[32], byte = 0;

	snprintf(path, sizeof(path), "/proc/self/fd/%ld", fd);
	CHECK_EQ(sys(SYS_write, fd, "ab", 2), 2);
	again = sys(SYS_open, path, O_RDONLY);
	CHECK(again >= 0);
	CHECK_EQ(sys(SYS_read, again, &byte, 1), 1);	/* from its start */
	CHECK_EQ(byte, 'a');
	CHECK_EQ(sys(SYS_write, again, "x", 1), -EBADF);
	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, RW, MAP_SHARED, again, 0),
		 -EACCES);
	CHECK_EQ(sys(SYS_truncate, path, 1), 0);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_END), 1);
	strcat(path, "/x");
	CHECK_EQ(sys(SYS_open, path, O_RDONLY), -ENOTDIR);
	fd = sys(SYS_open, "/proc", O_RDONLY | O_DIRECTORY);
	snprintf(path, sizeof(path), "/proc/self/fd/%ld/self", fd);
	CHECK(sys(SYS_open, path, O_RDONLY) >= 0);
}

static void check_path_only(void)
{
	long fd = sys(SYS_open, "/dev/zero", O_PATH);

	CHECK_EQ(sys(SYS_mmap, 0, PAGE_SIZE, PROT_READ, MAP_PRIVATE, fd, 0),
		 -EBADF);
	CHECK_EQ(sys(SYS_lseek, fd, 0, 0), -EBADF);
	CHECK_EQ(sys(SYS_ftruncate, fd, 0), -EBADF);
	CHECK_EQ(sys(SYS_fchmod, fd, 0600), -EBADF);
}

int main(void)
{
	check_zero();
	check_reopen();
	check_path_only();
	return check_passed();
}
