/* `time` would show nothing, and the scheduler charge the wrong one. */
#include <sys/times.h>

#include "memory.h"

static long cpu_ms(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000 +
	       (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1000;
}

static long now_ms(void)
{
	long now[2];

	CHECK_EQ(sys(SYS_clock_gettime, 1, now), 0);
	return now[0] * 1000 + now[1] / 1000000;
}

int main(void)
{
	struct rusage usage;
	struct tms tms;
	long end, ticks;
	pid_t pid = check_fork();

	if (pid == 0) {
		for (end = now_ms() + 200; now_ms() < end; )
			;
		CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, &usage), 0);
		CHECK(cpu_ms(&usage) >= 50);
		_exit(0);
	}
	CHECK_EQ(sys(SYS_wait4, pid, &(int){ 0 }, 0, &usage), pid);
	CHECK(cpu_ms(&usage) >= 50 && cpu_ms(&usage) < 5000);

	ticks = sys(SYS_times, &tms);
	CHECK(ticks > 0);
	CHECK(tms.tms_cutime + tms.tms_cstime >= 5);	/* in 1/100 s */
	CHECK(sys(SYS_times, 0) >= ticks);
	return check_passed();
}
