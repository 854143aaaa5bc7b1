/*
 * guest-only: on Linux this would take down the machine that builds.
 * Processes that do nothing but fork, and touch memory, fill every table there
 * is. Fork must begin to fail with an error, whoever is killed must give back all
 * it had, and when the bomb is gone the machine must be as it was.
 */
// guest: MEM=64M SWAP=64M TIMEOUT=240
#include <signal.h>
#include <time.h>

#include "swap.h"

static void bomb(void)
{
	char *pages = map_pages(64, RW);

	for (;;) {
		if (sys(SYS_fork) >= 0)
			write_pages(pages, 64, 1);
	}
}

/* Let it go off, and end all of it while it is at it. */
static void go_off(unsigned long seconds)
{
	struct timespec time = { (long)seconds, 0 };
	pid_t pid = check_fork();

	if (pid == 0) {
		CHECK_EQ(sys(SYS_setpgid, 0, 0), 0);
		bomb();
	}
	sys(SYS_setpgid, pid, pid);
	sys(SYS_nanosleep, &time, 0);
	/* Whoever was born while the signals were sent gets the next one. */
	while (sys(SYS_kill, -pid, SIGKILL) == 0)
		while (sys(SYS_wait4, -pid, 0, WNOHANG, 0) > 0)
			;
	while (sys(SYS_wait4, -1, 0, WNOHANG, 0) > 0)
		;
}

static void exit_at_once(void)
{
	_exit(0);
}

int main(void)
{
	unsigned long free;

	go_off(1);
	free = free_pages();
	go_off(3);
	CHECK(free_pages() + 256 >= free);
	CHECK_EQ(check_in_child(exit_at_once), EXITED(0));
	bring_all_back();
	return check_passed();
}
