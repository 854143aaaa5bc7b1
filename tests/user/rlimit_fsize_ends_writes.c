/*
 * RLIMIT_FSIZE keeps a program that went wild from filling the file system: a
 * write is cut at the limit, the next one fails and SIGXFSZ says why.
 */
#include <signal.h>
#include <sys/resource.h>

#include "memory.h"

static int fd;

static void write_behind(void)
{
	signal(SIGXFSZ, SIG_DFL);
	sys(SYS_pwrite64, fd, "x", 1, 7000);
}

int main(void)
{
	static char bytes[9000];
	struct rlimit limit = { 5000, RLIM_INFINITY };

	fd = (int)sys(SYS_memfd_create, "limited", 0);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_EQ(sys(SYS_setrlimit, RLIMIT_FSIZE, &limit), 0);
	CHECK_EQ(sys(SYS_write, fd, bytes, sizeof(bytes)), 5000);
	CHECK_EQ(sys(SYS_write, fd, bytes, sizeof(bytes)), -EFBIG);
	CHECK_EQ(sys(SYS_pwrite64, fd, bytes, 10, 6000), -EFBIG);
	CHECK_EQ(sys(SYS_ftruncate, fd, 5001), -EFBIG);
	CHECK_EQ(sys(SYS_ftruncate, fd, 5000), 0);
	CHECK_EQ(sys(SYS_fallocate, fd, 1, 0, 6000), -EFBIG);
	CHECK_EQ(check_in_child(write_behind), SIGXFSZ);
	return check_passed();
}
