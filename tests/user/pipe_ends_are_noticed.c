/*
 * `yes | head` would never end: the writer must hear that nobody reads, and the
 * reader that nobody writes any more.
 */
#include <signal.h>

#include "check.h"

static int fds[2];

static void write_without_reader(void)
{
	sys(SYS_close, fds[0]);
	sys(SYS_write, fds[1], "x", 1);
}

static void write_ignoring_signal(void)
{
	signal(SIGPIPE, SIG_IGN);
	sys(SYS_close, fds[0]);
	CHECK_EQ(sys(SYS_write, fds[1], "x", 1), -EPIPE);
}

/* Sleeps in write(), since the pipe is full, until the reader goes away. */
static void write_until_reader_goes(void)
{
	static char buf[100000];

	sys(SYS_close, fds[0]);
	sys(SYS_write, fds[1], buf, sizeof(buf));
}

int main(void)
{
	char buf[8];
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();		/* holds the read end for a while */
	if (pid == 0)
		write_until_reader_goes();
	CHECK_EQ(sys(SYS_read, fds[0], buf, 8), 8);
	sys(SYS_close, fds[0]);
	CHECK_EQ(check_wait(pid), KILLED(SIGPIPE));
	sys(SYS_close, fds[1]);

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	sys(SYS_close, fds[0]);
	CHECK_EQ(check_in_child(write_without_reader), KILLED(SIGPIPE));
	CHECK_EQ(check_in_child(write_ignoring_signal), EXITED(0));
	sys(SYS_close, fds[1]);

	/* What was written is read first; then comes the end, again and again. */
	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_write, fds[1], "abc", 3), 3);
	sys(SYS_close, fds[1]);
	CHECK_EQ(sys(SYS_read, fds[0], buf, 8), 3);
	CHECK_EQ(sys(SYS_read, fds[0], buf, 8), 0);
	CHECK_EQ(sys(SYS_read, fds[0], buf, 8), 0);
	return check_passed();
}
