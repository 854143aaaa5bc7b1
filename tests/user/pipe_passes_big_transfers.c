/*
 * `a | b` with more data than fits into the pipe: bytes lost, doubled or out of
 * order, or two processes that wait for each other for ever.
 */
#include "check.h"

#define TOTAL (1UL << 20)

static unsigned char buf[100000];

/* A sequence that no shift or repetition of itself matches. */
static unsigned char byte_at(unsigned long position)
{
	return (unsigned char)(position * 31 + (position >> 8) * 7);
}

static void write_all(int fd)
{
	unsigned long at = 0;

	while (at < TOTAL) {
		unsigned long bytes = 1 + at % sizeof(buf);
		long n;

		if (bytes > TOTAL - at)
			bytes = TOTAL - at;
		for (unsigned long i = 0; i < bytes; i++)
			buf[i] = byte_at(at + i);
		n = sys(SYS_write, fd, buf, bytes);
		CHECK_EQ(n, bytes);	/* a blocking write is not cut short */
		at += bytes;
	}
}

static void read_all(int fd)
{
	unsigned long at = 0;
	long n;

	while ((n = sys(SYS_read, fd, buf, 1 + at % 7919)) > 0)
		for (long i = 0; i < n; i++, at++)
			CHECK_EQ(buf[i], byte_at(at));
	CHECK_EQ(n, 0);
	CHECK_EQ(at, TOTAL);
}

int main(void)
{
	int fds[2];
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();
	if (pid == 0) {
		sys(SYS_close, fds[0]);
		write_all(fds[1]);
		_exit(0);
	}
	sys(SYS_close, fds[1]);
	read_all(fds[0]);
	check_child(pid);
	return check_passed();
}
