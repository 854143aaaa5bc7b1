/*
 * posix_spawn and many shells use vfork: the parent must stand still until the
 * child has gone, and the child works in its parent's memory.
 */
#include "memory.h"

static volatile int shared;

int main(void)
{
	char *page = map_pages(1, RW);
	pid_t pid;

	shared = 1;
	pid = vfork();
	if (pid == 0) {
		/* Long enough for a parent that did not wait to run on. */
		for (int i = 0; i < 50; i++)
			sys(SYS_sched_yield);
		page[0] = 'c';
		shared = 2;
		_exit(7);
	}
	CHECK_EQ(shared, 2);
	CHECK_EQ(page[0], 'c');
	CHECK_EQ(check_wait(pid), EXITED(7));

	pid = vfork();
	if (pid == 0) {
		char *const args[] = { "x", NULL };

		sys(SYS_execve, "/no/such/program", args, args + 1);
		_exit(9);
	}
	CHECK_EQ(check_wait(pid), EXITED(9));
	return check_passed();
}
