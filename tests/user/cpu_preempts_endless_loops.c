/*
 * One program in an endless loop would stop the machine: everybody else gets
 * the processor, too, and kill ends it.
 */
// guest: TIMEOUT=120
#include <signal.h>
#include <time.h>

#include "check.h"

#define NR_LOOPS 3

static pid_t start_loop(void)
{
	pid_t pid = check_fork();

	if (pid == 0)
		for (;;)
			__asm__ volatile("");
	return pid;
}

int main(void)
{
	struct timespec time = { .tv_nsec = 10000000 };
	pid_t pids[NR_LOOPS];
	volatile long work = 0;

	for (int i = 0; i < NR_LOOPS; i++)
		pids[i] = start_loop();
	for (int i = 0; i < 10; i++)
		CHECK_EQ(sys(SYS_nanosleep, &time, 0), 0);
	while (work < 10000000)		/* and we compute beside them */
		work++;
	for (int i = 0; i < NR_LOOPS; i++) {
		CHECK_EQ(sys(SYS_wait4, pids[i], 0, WNOHANG, 0), 0);
		CHECK_EQ(sys(SYS_kill, pids[i], SIGKILL), 0);
		CHECK_EQ(check_wait(pids[i]), KILLED(SIGKILL));
	}
	return check_passed();
}
