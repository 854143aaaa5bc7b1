/*
 * guest-only: on Linux nobody knows what standard output is.
 * printf would not show a line before the next one; full-screen programs would
 * not know the size of the screen.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "check.h"

int main(void)
{
	long fd = sys(SYS_open, "/dev/console", O_RDWR);
	struct termios termios;
	struct winsize size;

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_ioctl, fd, TCGETS, &termios), 0);
	CHECK_EQ(sys(SYS_ioctl, fd, TIOCGWINSZ, &size), 0);
	CHECK_EQ(size.ws_col, 80);
	CHECK(size.ws_row >= 24);
	CHECK_EQ(sys(SYS_ioctl, fd, TCGETS, -1L), -EFAULT);
	CHECK_EQ(sys(SYS_ioctl, fd, 0xdead, 0), -ENOTTY);
	CHECK_EQ(sys(SYS_ioctl, 1, TCGETS, &termios), 0);
	return check_passed();
}
