/* Editors and databases would read and write at the wrong place. */
#include <fcntl.h>

#include "check.h"

static long fd;

static long seek(long offset, int whence)
{
	return sys(SYS_lseek, fd, offset, whence);
}

int main(void)
{
	char buf[16] = "";
	int fds[2];

	fd = sys(SYS_open, "/tmp/lseek_file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_write, fd, "0123456789", 10), 10);
	CHECK_EQ(seek(0, SEEK_CUR), 10);
	CHECK_EQ(seek(-3, SEEK_END), 7);
	CHECK_EQ(sys(SYS_read, fd, buf, 16), 3);
	CHECK_STR(buf, "789");
	CHECK_EQ(seek(2, SEEK_SET), 2);
	CHECK_EQ(seek(2, SEEK_CUR), 4);
	CHECK_EQ(sys(SYS_read, fd, buf, 1), 1);
	CHECK_EQ(buf[0], '4');

	CHECK_EQ(seek(-1, SEEK_SET), -EINVAL);
	CHECK_EQ(seek(-6, SEEK_CUR), -EINVAL);
	CHECK_EQ(seek(-11, SEEK_END), -EINVAL);
	CHECK_EQ(seek(0, 99), -EINVAL);
	CHECK_EQ(seek(0, SEEK_CUR), 5);		/* refused: not moved */

	/* Behind the end: nothing to read; a write leaves zeros between. */
	CHECK_EQ(seek(20, SEEK_SET), 20);
	CHECK_EQ(sys(SYS_read, fd, buf, 16), 0);
	CHECK_EQ(sys(SYS_write, fd, "x", 1), 1);
	CHECK_EQ(seek(0, SEEK_END), 21);
	CHECK_EQ(seek(10, SEEK_SET), 10);
	CHECK_EQ(sys(SYS_read, fd, buf, 16), 11);
	CHECK_EQ(buf[0], 0);
	CHECK_EQ(buf[9], 0);
	CHECK_EQ(buf[10], 'x');

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_lseek, fds[0], 0, SEEK_CUR), -ESPIPE);
	CHECK_EQ(sys(SYS_lseek, -1, 0, SEEK_CUR), -EBADF);
	CHECK_EQ(sys(SYS_unlink, "/tmp/lseek_file"), 0);
	return check_passed();
}
