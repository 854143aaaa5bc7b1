/*
 * guest-only: on Linux this would take down the machine that builds.
 * One program that touches more memory than there is would panic the kernel or
 * hang it. It must be killed (or be refused), and its memory be usable again.
 */
// guest: MEM=64M TIMEOUT=180
#include <signal.h>
#include <sys/sysinfo.h>

#include "memory.h"

static struct sysinfo info;

static unsigned long free_bytes(void)
{
	CHECK_EQ(sys(SYS_sysinfo, &info), 0);
	return info.freeram * info.mem_unit;
}

static void hog(void)
{
	unsigned long bytes = 2 * info.totalram * info.mem_unit;
	long addr = sys(SYS_mmap, 0, bytes, RW, ANON | MAP_NORESERVE, -1, 0);

	if (addr < 0)
		_exit(1);
	write_pages((char *)addr, bytes / PAGE_SIZE, 1);
	_exit(2);		/* it cannot have touched them all */
}

static void hog_through_brk(void)
{
	char *start = (char *)sys(SYS_brk, 0);
	unsigned long bytes = 2 * info.totalram * info.mem_unit;

	if ((char *)sys(SYS_brk, start + bytes) == start)
		_exit(1);
	write_pages(start, bytes / PAGE_SIZE, 1);
	_exit(2);
}

static void hog_by_forking(void)
{
	char *pages = map_pages(4096, RW);	/* 16 MiB, times every process */

	write_pages(pages, 4096, 1);
	for (int i = 0; i < 6; i++)
		if (fork() == 0) {
			write_pages(pages, 4096, 2);
			_exit(0);
		}
	while (sys(SYS_wait4, -1, 0, 0, 0) > 0)
		;
}

/*
 * Run @fn in a child and return how it ended, once its own children have ended,
 * too: they all hold the pipe's write end, and who dies lets go of it.
 */
static int run_family(void (*fn)(void))
{
	int fds[2], status;
	char byte;
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	pid = check_fork();
	if (pid == 0) {
		fn();
		_exit(0);
	}
	sys(SYS_close, fds[1]);
	status = check_wait(pid);
	CHECK_EQ(sys(SYS_read, fds[0], &byte, 1), 0);
	sys(SYS_close, fds[0]);
	return status;
}

static void expect_end(void (*fn)(void))
{
	int status = run_family(fn);

	CHECK(status == KILLED(SIGKILL) || status == EXITED(1));
}

int main(void)
{
	unsigned long before = free_bytes();

	for (int i = 0; i < 3; i++) {
		expect_end(hog);
		expect_end(hog_through_brk);
	}
	run_family(hog_by_forking);		/* any end will do */

	/* All of it is back, and can be touched again. */
	CHECK(free_bytes() + (1 << 20) >= before);
	write_pages(map_pages(2048, RW), 2048, 1);
	return check_passed();
}
