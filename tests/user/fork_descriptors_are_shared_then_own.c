/*
 * Redirection in shells: the child has the parent's descriptors with a common
 * offset, but closing its own does not close the parent's.
 */
#include <fcntl.h>

#include "check.h"

int main(void)
{
	long fd = sys(SYS_open, "/tmp/fork_fd", O_RDWR | O_CREAT | O_TRUNC,
		      0600);
	char buf[16] = "";
	pid_t pid;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_unlink, "/tmp/fork_fd"), 0);
	CHECK_EQ(sys(SYS_write, fd, "one ", 4), 4);
	pid = check_fork();
	if (pid == 0) {
		CHECK_EQ(sys(SYS_write, fd, "two ", 4), 4);
		CHECK_EQ(sys(SYS_close, fd), 0);
		CHECK(sys(SYS_dup2, 1, fd) == fd);
		_exit(0);
	}
	check_child(pid);
	CHECK_EQ(sys(SYS_write, fd, "three", 5), 5);
	CHECK_EQ(sys(SYS_lseek, fd, 0, SEEK_SET), 0);
	CHECK_EQ(sys(SYS_read, fd, buf, 16), 13);
	CHECK_STR(buf, "one two three");
	return check_passed();
}
