/* `time` would show nothing, and the scheduler charge the wrong one. */
#include <sys/times.h>

#include "memory.h"

static long cpu_ms(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
}

/* Until we are charged for it; if that never happens, time runs out. */
static void burn(long ms)
{
	struct rusage usage;

	do
		CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, &usage), 0);
	while (cpu_ms(&usage) < ms);
}

int main(void)
{
	struct rusage usage;
	struct tms tms;
	long ticks;
	pid_t pid = check_fork();

	if (pid == 0) {
		burn(100);
		_exit(0);
	}
	CHECK_EQ(sys(SYS_wait4, pid, &(int){ 0 }, 0, &usage), pid);
	CHECK(cpu_ms(&usage) >= 100 && cpu_ms(&usage) < 2000);

	ticks = sys(SYS_times, &tms);
	CHECK(ticks > 0);
	CHECK(tms.tms_cutime + tms.tms_cstime >= 5);	/* in 1/100 s */
	CHECK(sys(SYS_times, 0) >= ticks);
	return check_passed();
}
