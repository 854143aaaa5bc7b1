/* A program would read from nowhere, or write to a file it opened to read. */
#include <fcntl.h>

#include "check.h"

int main(void)
{
	char buf[16] = "";
	long in, out;

	out = sys(SYS_open, "/tmp/rw_checked", O_WRONLY | O_CREAT | O_TRUNC,
		  0600);
	in = sys(SYS_open, "/tmp/rw_checked", O_RDONLY);
	CHECK(in >= 0 && out >= 0);

	CHECK_EQ(sys(SYS_read, -1, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_read, 1000, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_read, 1UL << 31, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_read, out, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_write, in, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_write, -1, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_writev, 1000, NULL, 0), -EBADF);

	/* Nothing is fine; end of file is nothing, too. */
	CHECK_EQ(sys(SYS_write, out, buf, 0), 0);
	CHECK_EQ(sys(SYS_read, in, buf, 0), 0);
	CHECK_EQ(sys(SYS_read, in, buf, 16), 0);
	CHECK_EQ(sys(SYS_write, out, "hello", 5), 5);
	CHECK_EQ(sys(SYS_read, in, buf, 16), 5);
	CHECK_STR(buf, "hello");
	CHECK_EQ(sys(SYS_read, in, buf, 16), 0);

	/* A folder is not for read(). */
	in = sys(SYS_open, "/tmp", O_RDONLY);
	CHECK(in >= 0);
	CHECK_EQ(sys(SYS_read, in, buf, 16), -EISDIR);

	CHECK_EQ(sys(SYS_close, in), 0);
	CHECK_EQ(sys(SYS_close, in), -EBADF);
	CHECK_EQ(sys(SYS_close, -1), -EBADF);
	CHECK_EQ(sys(SYS_read, in, buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_unlink, "/tmp/rw_checked"), 0);
	return check_passed();
}
