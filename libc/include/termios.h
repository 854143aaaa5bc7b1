#pragma once

#include <sys/types.h>
#include <uapi/termios.h>

int tcgetattr(int fd, struct termios *termios);
int tcsetattr(int fd, int when, const struct termios *termios);
int tcflush(int fd, int queue);
int tcdrain(int fd);
int tcsendbreak(int fd, int duration);
pid_t tcgetpgrp(int fd);
int tcsetpgrp(int fd, pid_t group);
void cfmakeraw(struct termios *termios);
speed_t cfgetospeed(const struct termios *termios);
speed_t cfgetispeed(const struct termios *termios);
