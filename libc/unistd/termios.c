/* Terminals: their settings, by ioctl(). */
#include <errno.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int tcgetattr(int fd, struct termios *termios)
{
	return ioctl(fd, TCGETS, termios);
}

int tcsetattr(int fd, int when, const struct termios *termios)
{
	if (when < TCSANOW || when > TCSAFLUSH) {
		errno = EINVAL;
		return -1;
	}
	return ioctl(fd, TCSETS + (unsigned long)when, termios);
}

int isatty(int fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) == 0;
}

int tcflush(int fd, int queue)
{
	return ioctl(fd, TCFLSH, (unsigned long)queue);
}

int tcdrain(int fd)
{
	return ioctl(fd, TCSBRK, 1UL);	/* 1: wait, but send no break */
}

int tcsendbreak(int fd, int duration)
{
	(void)duration;
	return ioctl(fd, TCSBRK, 0UL);
}

pid_t tcgetpgrp(int fd)
{
	pid_t group;

	return ioctl(fd, TIOCGPGRP, &group) == 0 ? group : -1;
}

int tcsetpgrp(int fd, pid_t group)
{
	return ioctl(fd, TIOCSPGRP, &group);
}

void cfmakeraw(struct termios *termios)
{
	termios->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP |
					INLCR | IGNCR | ICRNL | IXON);
	termios->c_oflag &= ~(tcflag_t)OPOST;
	termios->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	termios->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	termios->c_cflag |= CS8;
	termios->c_cc[VMIN] = 1;
	termios->c_cc[VTIME] = 0;
}

speed_t cfgetospeed(const struct termios *termios)
{
	return termios->c_cflag & CBAUD;
}

speed_t cfgetispeed(const struct termios *termios)
{
	return cfgetospeed(termios);
}
