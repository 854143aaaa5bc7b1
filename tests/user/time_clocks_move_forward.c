/* Timeouts would fire at once, or never; programs would see time run back. */
#include <sys/time.h>
#include <time.h>

#include "check.h"

static long clock_ns(int clock)
{
	struct timespec now;

	CHECK_EQ(sys(SYS_clock_gettime, clock, &now), 0);
	CHECK(now.tv_nsec >= 0 && now.tv_nsec < 1000000000);
	return now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(void)
{
	static const int clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC,
				      CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME };
	struct timeval now;
	long seconds;

	for (unsigned int i = 0; i < sizeof(clocks) / sizeof(*clocks); i++) {
		long start = clock_ns(clocks[i]), last = start;

		for (int j = 0; j < 20000 || last == start; j++) {
			long next = clock_ns(clocks[i]);

			CHECK(next >= last);
			last = next;
		}
	}
	CHECK_EQ(sys(SYS_gettimeofday, &now, 0), 0);
	CHECK(now.tv_usec >= 0 && now.tv_usec < 1000000);
	seconds = clock_ns(CLOCK_REALTIME) / 1000000000;
	CHECK(seconds - now.tv_sec >= 0 && seconds - now.tv_sec <= 2);
	CHECK(now.tv_sec > 1600000000);		/* the clock chip was read */
	CHECK_EQ(sys(SYS_gettimeofday, 0, 0), 0);
	CHECK_EQ(sys(SYS_clock_gettime, 99, &now), -EINVAL);
	return check_passed();
}
