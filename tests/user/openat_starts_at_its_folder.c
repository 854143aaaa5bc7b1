/* find, tar and rm -r walk by descriptors; they would touch the wrong files. */
#include <fcntl.h>

#include "check.h"

int main(void)
{
	long file = sys(SYS_open, "/tmp/openat_file",
			O_WRONLY | O_CREAT | O_TRUNC, 0600);
	long tmp = sys(SYS_open, "/tmp", O_RDONLY | O_DIRECTORY);

	CHECK(file >= 0 && tmp >= 0);
	CHECK(sys(SYS_openat, tmp, "openat_file", O_RDONLY) >= 0);
	CHECK(sys(SYS_openat, tmp, "../tmp/openat_file", O_RDONLY) >= 0);
	CHECK_EQ(sys(SYS_openat, tmp, "no_such_file", O_RDONLY), -ENOENT);
	CHECK_EQ(sys(SYS_openat, file, "x", O_RDONLY), -ENOTDIR);
	CHECK_EQ(sys(SYS_openat, 999, "x", O_RDONLY), -EBADF);

	/* An absolute path does not look at the descriptor. */
	CHECK(sys(SYS_openat, 999, "/tmp/openat_file", O_RDONLY) >= 0);

	CHECK_EQ(sys(SYS_chdir, "/tmp"), 0);
	CHECK(sys(SYS_openat, AT_FDCWD, "openat_file", O_RDONLY) >= 0);
	CHECK_EQ(sys(SYS_chdir, "/"), 0);
	CHECK_EQ(sys(SYS_openat, AT_FDCWD, "openat_file", O_RDONLY), -ENOENT);
	CHECK_EQ(sys(SYS_unlink, "/tmp/openat_file"), 0);
	return check_passed();
}
