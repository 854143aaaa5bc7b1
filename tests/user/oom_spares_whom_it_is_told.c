/*
 * guest-only: on Linux this would take down the machine that builds.
 * A database that asked to be spared must outlive a small program that offered
 * itself, though the database is the larger one.
 */
// guest: MEM=64M TIMEOUT=180
#include <signal.h>

#include "proc.h"

#define BIG (24UL << 20 >> 12)
#define SMALL (4UL << 20 >> 12)

/* Hold @pages, with @adj for the killer, until told to end. */
static pid_t start(unsigned long pages, const char *adj)
{
	pid_t pid;
	char byte;
	int ready[2];

	CHECK_EQ(sys(SYS_pipe, ready), 0);
	pid = check_fork();
	if (pid == 0) {
		CHECK(proc_write("/proc/self/oom_score_adj", adj) > 0);
		write_pages(map_pages(pages, RW), pages, 1);
		CHECK_EQ(write(ready[1], "x", 1), 1);
		for (;;)
			pause();
	}
	CHECK_EQ(read(ready[0], &byte, 1), 1);
	sys(SYS_close, ready[0]);
	sys(SYS_close, ready[1]);
	return pid;
}

/* Touch so much that one victim is not enough: the second is ourselves. */
static void hog(void)
{
	unsigned long pages = 80UL << 20 >> 12;

	write_pages(map_pages(pages, RW), pages, 1);
}

int main(void)
{
	pid_t big = start(BIG, "-1000"), small = start(SMALL, "1000");

	CHECK_EQ(check_in_child(hog), KILLED(SIGKILL));
	CHECK_EQ(check_wait(small), KILLED(SIGKILL));
	CHECK_EQ(waitpid(big, NULL, WNOHANG), 0);
	CHECK_EQ(kill(big, SIGKILL), 0);
	CHECK_EQ(check_wait(big), KILLED(SIGKILL));
	return check_passed();
}
