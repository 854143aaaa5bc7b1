/*
 * guest-only: on Linux this would take down the machine that builds.
 * When memory has run out the next program that asks for a page is not to blame.
 * Also when it does so in a system call, it is the hog that must be killed, and
 * the call must succeed.
 */
// guest: MEM=48M TIMEOUT=180
#include <fcntl.h>
#include <signal.h>

#include "swap.h"

#define NR 400UL

static char buf[NR * PAGE_SIZE]; /* untouched until read(2) fills it */

/* Touch all but a few pages, say so, and sit on them. */
static void hog(int ready)
{
	unsigned long nr = free_pages() - 100;
	char *pages = map_pages(nr, RW);

	write_pages(pages, nr, 1);
	sys(SYS_write, ready, "x", 1);
	for (;;)
		sys(SYS_pause);
}

static pid_t start_hog(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, ready), 0);
	pid = check_fork();
	if (pid == 0)
		hog(ready[1]);
	CHECK_EQ(sys(SYS_read, ready[0], &byte, 1), 1);
	sys(SYS_close, ready[0]);
	sys(SYS_close, ready[1]);
	return pid;
}

static void reader_of_zeros(void)
{
	long fd = sys(SYS_open, "/dev/zero", O_RDONLY);

	CHECK(fd >= 0);
	CHECK_EQ(sys(SYS_read, fd, buf, sizeof(buf)), sizeof(buf));
	_exit(0);
}

static void reader_of_a_file(void)
{
	long fd = sys(SYS_open, check_self(), O_RDONLY);
	unsigned long done = 0;

	CHECK(fd >= 0);
	while (done < sizeof(buf)) {
		long n = sys(SYS_pread64, fd, buf + done, PAGE_SIZE, 0);

		CHECK_EQ(n, PAGE_SIZE);
		done += PAGE_SIZE;
	}
	_exit(0);
}

int main(void)
{
	void (*const readers[])(void) = { reader_of_zeros, reader_of_a_file };

	for (int i = 0; i < 2; i++) {
		pid_t pid = start_hog();

		CHECK_EQ(check_in_child(readers[i]), EXITED(0));
		CHECK_EQ(check_wait(pid), KILLED(SIGKILL));
	}
	return check_passed();
}
