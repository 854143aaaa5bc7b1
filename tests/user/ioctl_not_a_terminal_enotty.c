/* isatty() would call files terminals: stdio would flush every line to disk. */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "check.h"

int main(void)
{
	long fd = sys(SYS_open, "/tmp/ioctl_file", O_RDWR | O_CREAT, 0600);
	struct termios termios;
	struct winsize size;
	int fds[2];

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	CHECK_EQ(sys(SYS_ioctl, fd, TCGETS, &termios), -ENOTTY);
	CHECK_EQ(sys(SYS_ioctl, fd, TIOCGWINSZ, &size), -ENOTTY);
	CHECK_EQ(sys(SYS_ioctl, fds[0], TCGETS, &termios), -ENOTTY);
	CHECK_EQ(sys(SYS_ioctl, fds[1], TIOCGWINSZ, &size), -ENOTTY);
	CHECK_EQ(sys(SYS_ioctl, fd, 0xdead, 0), -ENOTTY);
	CHECK_EQ(sys(SYS_ioctl, 999, TCGETS, &termios), -EBADF);
	CHECK_EQ(sys(SYS_unlink, "/tmp/ioctl_file"), 0);
	return check_passed();
}
