/*
 * guest-only: on Linux this would take down the machine that builds.
 * With memory nearly gone every call that needs some must fail or kill, not
 * panic: fork, mmap, pipe, open, exec, stack growth, copies into fresh pages.
 */
// guest: MEM=48M TIMEOUT=180
#include <fcntl.h>
#include <sys/sysinfo.h>

#include "memory.h"

static char *const child_args[] = { "oom", "child", NULL };

/* Take what is free but for @leave_pages, so that the next ones run short. */
static void eat(unsigned long leave_pages)
{
	struct sysinfo info;
	unsigned long pages;

	sys(SYS_sysinfo, &info);
	pages = info.freeram * info.mem_unit / PAGE_SIZE;
	if (pages > leave_pages)
		write_pages(map_pages(pages, RW), pages - leave_pages, 1);
}

static void grow_everything(void)
{
	char *fresh = (char *)sys(SYS_mmap, 0, 64 * PAGE_SIZE, RW, ANON, -1, 0);
	int fds[2];

	for (int i = 0; i < 40; i++) {
		sys(SYS_open, "/dev/zero", O_RDONLY);
		sys(SYS_pipe, fds);
		sys(SYS_write, fds[1], "x", 1);
		sys(SYS_read, 3, fresh, 64 * PAGE_SIZE);
		sys(SYS_mmap, (long)i << 40, PAGE_SIZE, RW, ANON | MAP_POPULATE,
		    -1, 0);
		if (sys(SYS_fork) == 0) {
			sys(SYS_execve, check_self(), child_args,
			    child_args + 2);
			_exit(1);
		}
	}
	while (sys(SYS_wait4, -1, 0, 0, 0) > 0)
		;
}

static void exhaust(unsigned long leave_pages)
{
	pid_t pid = check_fork();

	if (pid == 0) {
		eat(leave_pages);
		grow_everything();
		_exit(0);
	}
	check_wait(pid);	/* however it ended */
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0;	/* started by grow_everything() */
	for (unsigned long leave = 0; leave < 200; leave += 9)
		exhaust(leave);
	write_pages(map_pages(1024, RW), 1024, 1);
	return check_passed();
}
