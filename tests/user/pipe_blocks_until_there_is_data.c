/*
 * A reader would see an end where there is only silence, or burn the processor
 * while it waits; a kill must reach it in its sleep.
 */
#include <signal.h>
#include <time.h>

#include "check.h"

static void pause_ms(long ms)
{
	struct timespec time = { .tv_nsec = ms * 1000000 };

	CHECK_EQ(sys(SYS_nanosleep, &time, 0), 0);
}

int main(void)
{
	int to_child[2], from_child[2];
	char byte = 0;
	pid_t pid;

	CHECK_EQ(sys(SYS_pipe, to_child), 0);
	CHECK_EQ(sys(SYS_pipe, from_child), 0);
	pid = check_fork();
	if (pid == 0) {		/* an echo, byte by byte */
		while (sys(SYS_read, to_child[0], &byte, 1) == 1)
			sys(SYS_write, from_child[1], &byte, 1);
		_exit(1);
	}
	for (int i = 0; i < 500; i++) {
		char sent = (char)i;

		CHECK_EQ(sys(SYS_write, to_child[1], &sent, 1), 1);
		CHECK_EQ(sys(SYS_read, from_child[0], &byte, 1), 1);
		CHECK_EQ(byte, sent);
	}
	pause_ms(20);		/* now it sleeps in read() */
	CHECK_EQ(sys(SYS_wait4, pid, 0, WNOHANG, 0), 0);
	CHECK_EQ(sys(SYS_kill, pid, SIGTERM), 0);
	CHECK_EQ(check_wait(pid), KILLED(SIGTERM));
	return check_passed();
}
