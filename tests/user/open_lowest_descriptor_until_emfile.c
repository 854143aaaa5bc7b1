/*
 * Shells rely on it: a new descriptor is the lowest that is free. And a program
 * that leaks them must run into its own limit, not exhaust the kernel.
 */
#include <fcntl.h>

#include "memory.h"

#define LIMIT 32

int main(void)
{
	struct rlimit limit = { LIMIT, LIMIT };
	int fds[2] = { -7, -7 };
	long first, fd;

	first = sys(SYS_open, "/dev/null", O_RDONLY);
	CHECK(first >= 0);
	CHECK_EQ(sys(SYS_open, "/dev/null", O_RDONLY), first + 1);
	CHECK_EQ(sys(SYS_close, first), 0);
	CHECK_EQ(sys(SYS_open, "/dev/null", O_RDONLY), first);

	CHECK_EQ(sys(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, 0), 0);
	do
		fd = sys(SYS_open, "/dev/null", O_RDONLY);
	while (fd >= 0 && fd < LIMIT);
	CHECK_EQ(fd, -EMFILE);
	CHECK_EQ(sys(SYS_dup, 0), -EMFILE);
	CHECK_EQ(sys(SYS_dup2, 0, LIMIT), -EBADF);
	CHECK_EQ(sys(SYS_pipe, fds), -EMFILE);
	CHECK_EQ(fds[0], -7);

	/* Room for one end of a pipe is not enough, and must not be lost. */
	CHECK_EQ(sys(SYS_close, LIMIT - 1), 0);
	CHECK_EQ(sys(SYS_pipe, fds), -EMFILE);
	CHECK_EQ(sys(SYS_dup, 0), LIMIT - 1);
	return check_passed();
}
