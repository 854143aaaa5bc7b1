/* stdio of musl and glibc writes with writev: output would be torn or lost. */
#include <signal.h>
#include <sys/uio.h>

#include "check.h"

static int fds[2];

static long gather(struct iovec *iov, long nr)
{
	return sys(SYS_writev, fds[1], iov, nr);
}

int main(void)
{
	struct iovec parts[] = {
		{ "one ", 4 }, { NULL, 0 }, { "two ", 4 }, { "three", 5 },
	};
	struct iovec negative[] = { { "x", 1 }, { "y", -1UL } };
	char buf[32] = "";

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(gather(parts, 4), 13);
	CHECK_EQ(sys(SYS_read, fds[0], buf, sizeof(buf)), 13);
	CHECK_STR(buf, "one two three");

	CHECK_EQ(gather(parts, 0), 0);
	CHECK_EQ(gather(parts, -1), -EINVAL);
	CHECK_EQ(gather(parts, 1025), -EINVAL);
	CHECK_EQ(gather(negative, 2), -EINVAL);

	CHECK_EQ(sys(SYS_close, fds[0]), 0);
	signal(SIGPIPE, SIG_IGN);
	CHECK_EQ(gather(parts, 1), -EPIPE);
	return check_passed();
}
