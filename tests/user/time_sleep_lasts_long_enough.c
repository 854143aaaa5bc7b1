/* sleep() would return early, keep the processor busy, or refuse good times. */
#include <sys/resource.h>
#include <time.h>

#include "check.h"

static long now_ms(void)
{
	struct timespec now;

	CHECK_EQ(sys(SYS_clock_gettime, CLOCK_MONOTONIC, &now), 0);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_checked(long ms)
{
	struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };
	long start = now_ms();

	CHECK_EQ(sys(SYS_nanosleep, &wait, 0), 0);
	CHECK(now_ms() - start >= ms);
	CHECK(now_ms() - start < ms + 2000);
}

int main(void)
{
	struct timespec bad_ns = { 0, 1000000000 }, negative = { 0, -1 };
	struct timespec before = { -1, 0 }, nothing = { 0, 0 };
	struct rusage usage;
	pid_t sleepers[10];
	long start;

	sleep_checked(1);
	sleep_checked(50);
	sleep_checked(1100);
	CHECK_EQ(sys(SYS_nanosleep, &nothing, 0), 0);
	CHECK_EQ(sys(SYS_nanosleep, &bad_ns, 0), -EINVAL);
	CHECK_EQ(sys(SYS_nanosleep, &negative, 0), -EINVAL);
	CHECK_EQ(sys(SYS_nanosleep, &before, 0), -EINVAL);

	/* Ten sleep side by side as long as one. */
	start = now_ms();
	for (int i = 0; i < 10; i++) {
		sleepers[i] = check_fork();
		if (sleepers[i] == 0) {
			sleep_checked(200);
			_exit(0);
		}
	}
	for (int i = 0; i < 10; i++)
		check_child(sleepers[i]);
	CHECK(now_ms() - start < 1900);
	CHECK_EQ(sys(SYS_getrusage, RUSAGE_SELF, &usage), 0);
	CHECK(usage.ru_utime.tv_sec == 0);
	return check_passed();
}
