/*
 * Many processes at the same time: none may be lost, mixed up or starved, and
 * all are there together, since each waits for the same pipe to close.
 */
#include "check.h"

#define NR_CHILDREN 100

/* Runs until the parent closes its end; then the status is our number. */
static void child(int number, int read_end)
{
	char byte;

	CHECK_EQ(sys(SYS_read, read_end, &byte, 1), 0);
	_exit(number);
}

int main(void)
{
	pid_t pids[NR_CHILDREN];
	int fds[2], status;
	char seen[NR_CHILDREN] = "";

	CHECK_EQ(sys(SYS_pipe, fds), 0);
	for (int i = 0; i < NR_CHILDREN; i++) {
		pids[i] = check_fork();
		if (pids[i] == 0) {
			sys(SYS_close, fds[1]);
			child(i, fds[0]);
		}
		for (int j = 0; j < i; j++)
			CHECK(pids[j] != pids[i]);
	}
	CHECK_EQ(sys(SYS_wait4, -1, 0, WNOHANG, 0), 0);
	sys(SYS_close, fds[1]);
	for (int i = 0; i < NR_CHILDREN; i++) {
		long pid = sys(SYS_wait4, -1, &status, 0, 0);
		int number = WEXITSTATUS(status);

		CHECK(WIFEXITED(status) && number < NR_CHILDREN);
		CHECK_EQ(pid, pids[number]);
		CHECK_EQ(seen[number]++, 0);
	}
	CHECK_EQ(sys(SYS_wait4, -1, 0, 0, 0), -ECHILD);
	return check_passed();
}
