/* An event loop would hang in a read, or a child inherit what it must not. */
#include <fcntl.h>

#include "memory.h"

#define PIPE_BYTES 65536

int main(void)
{
	static char buf[PIPE_BYTES];
	int fds[2];

	CHECK_EQ(sys(SYS_pipe2, fds, 0x7), -EINVAL);
	CHECK_EQ(sys(SYS_pipe2, fds, O_APPEND), -EINVAL);
	CHECK_EQ(sys(SYS_pipe2, fds, O_NONBLOCK | O_CLOEXEC), 0);
	CHECK_EQ(sys(SYS_read, fds[0], buf, 1), -EAGAIN);

	/* It holds 64 KiB, then it is full; a small write is all or nothing. */
	CHECK_EQ(sys(SYS_write, fds[1], buf, PIPE_BYTES), PIPE_BYTES);
	CHECK_EQ(sys(SYS_write, fds[1], buf, 1), -EAGAIN);
	CHECK_EQ(sys(SYS_read, fds[0], buf, PAGE_SIZE), PAGE_SIZE);
	CHECK_EQ(sys(SYS_write, fds[1], buf, 100), 100);
	CHECK_EQ(sys(SYS_write, fds[1], buf, PAGE_SIZE), -EAGAIN);

	/* A wrong direction is no pipe matter but a descriptor's. */
	CHECK_EQ(sys(SYS_read, fds[1], buf, 1), -EBADF);
	CHECK_EQ(sys(SYS_write, fds[0], buf, 1), -EBADF);
	return check_passed();
}
