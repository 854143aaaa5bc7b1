/* stdio chooses its buffering by what stat says; ls would be wrong anyway. */
#include <fcntl.h>
#include <sys/stat.h>

#include "check.h"

static struct stat st;

static long stat_path(const char *path)
{
	memset(&st, 0xa5, sizeof(st));
	return sys(SYS_newfstatat, AT_FDCWD, path, &st, 0);
}

int main(void)
{
	long fd = sys(SYS_open, "/tmp/stat_file", O_RDWR | O_CREAT | O_TRUNC,
		      0640);
	long tmp = sys(SYS_open, "/tmp", O_RDONLY);
	int fds[2];

	CHECK(fd >= 0 && tmp >= 0);
	CHECK_EQ(sys(SYS_write, fd, "12345", 5), 5);

	CHECK_EQ(sys(SYS_fstat, fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	CHECK_EQ(st.st_size, 5);
	CHECK_EQ(st.st_nlink, 1);
	CHECK(st.st_blksize >= 512);
	ino_t ino = st.st_ino;
	CHECK_EQ(stat_path("/tmp/stat_file"), 0);
	CHECK_EQ(st.st_size, 5);
	CHECK_EQ(st.st_ino, ino);
	CHECK_EQ(sys(SYS_newfstatat, tmp, "stat_file", &st, 0), 0);
	CHECK_EQ(sys(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH), 0);
	CHECK_EQ(st.st_ino, ino);

	CHECK_EQ(stat_path("/"), 0);
	CHECK(S_ISDIR(st.st_mode));
	CHECK_EQ(stat_path("/dev/null"), 0);
	CHECK(S_ISCHR(st.st_mode));
	CHECK_EQ(st.st_rdev, 0x103);		/* character device 1:3 */
	CHECK_EQ(stat_path("/dev/zero"), 0);
	CHECK_EQ(st.st_rdev, 0x105);
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_fstat, fds[0], &st), 0);
	CHECK(S_ISFIFO(st.st_mode));

	CHECK_EQ(stat_path("/no/such"), -ENOENT);
	CHECK_EQ(stat_path(""), -ENOENT);
	CHECK_EQ(stat_path("/tmp/stat_file/x"), -ENOTDIR);
	CHECK_EQ(sys(SYS_fstat, -1, &st), -EBADF);
	CHECK_EQ(sys(SYS_newfstatat, 999, "x", &st, 0), -EBADF);
	CHECK_EQ(sys(SYS_newfstatat, tmp, "stat_file", &st, 0x40000000),
		 -EINVAL);
	CHECK_EQ(sys(SYS_unlink, "/tmp/stat_file"), 0);
	return check_passed();
}
