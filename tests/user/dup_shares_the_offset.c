/* "2>&1" would make two writers overwrite each other; "exec <file" would fail. */
#include <fcntl.h>

#include "check.h"

int main(void)
{
	long fd = sys(SYS_open, "/tmp/dup_file", O_RDWR | O_CREAT | O_TRUNC,
		      0600);
	long copy = sys(SYS_dup, fd);
	long own = sys(SYS_open, "/tmp/dup_file", O_RDONLY);
	char buf[16] = "";
	int fds[2];

	CHECK(fd >= 0 && copy > fd && own > copy);
	CHECK_EQ(sys(SYS_write, fd, "one", 3), 3);
	CHECK_EQ(sys(SYS_write, copy, "two", 3), 3);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_CUR), 6);
	CHECK_EQ(sys(SYS_lseek, own, 0, SEEK_CUR), 0);	/* opened for itself */
	CHECK_EQ(sys(SYS_read, own, buf, 16), 6);
	CHECK_STR(buf, "onetwo");

	/* Over an open descriptor: that one is closed, its pipe sees the end. */
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_dup2, fd, fds[1]), fds[1]);
	CHECK_EQ(sys(SYS_read, fds[0], buf, 1), 0);
	CHECK_EQ(sys(SYS_dup2, fd, fd), fd);
	CHECK_EQ(sys(SYS_dup2, fd, 40), 40);
	CHECK_EQ(sys(SYS_close, fd), 0);
	CHECK_EQ(sys(SYS_write, 40, "!", 1), 1);

	CHECK_EQ(sys(SYS_dup, fd), -EBADF);
	CHECK_EQ(sys(SYS_dup2, fd, 41), -EBADF);
	CHECK_EQ(sys(SYS_dup2, fd, fd), -EBADF);
	CHECK_EQ(sys(SYS_dup2, copy, -1), -EBADF);
	CHECK_EQ(sys(SYS_dup2, copy, 1 << 30), -EBADF);
	CHECK_EQ(sys(SYS_unlink, "/tmp/dup_file"), 0);
	return check_passed();
}
