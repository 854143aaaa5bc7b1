/* Clocks, and sleeping by them. */
#include <errno.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *now)
{
	return (int)syscall(SYS_clock_gettime, clock, now);
}

int clock_settime(clockid_t clock, const struct timespec *now)
{
	return (int)syscall(SYS_clock_settime, clock, now);
}

int clock_getres(clockid_t clock, struct timespec *resolution)
{
	return (int)syscall(SYS_clock_getres, clock, resolution);
}

int nanosleep(const struct timespec *wait, struct timespec *left)
{
	return (int)syscall(SYS_nanosleep, wait, left);
}

/* Returns the error and leaves errno alone. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wait,
		    struct timespec *left)
{
	int saved = errno;
	int error = 0;

	if (syscall(SYS_clock_nanosleep, clock, flags, wait, left) < 0)
		error = errno;
	errno = saved;
	return error;
}

int timespec_get(struct timespec *now, int base)
{
	if (base != TIME_UTC || clock_gettime(CLOCK_REALTIME, now) != 0)
		return 0;
	return base;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	return (int)syscall(SYS_gettimeofday, now, zone);
}

int settimeofday(const struct timeval *now, const struct timezone *zone)
{
	return (int)syscall(SYS_settimeofday, now, zone);
}

time_t time(time_t *now)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return -1;
	if (now)
		*now = ts.tv_sec;
	return ts.tv_sec;
}

/* Processor time of this process, in microseconds. */
clock_t clock(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) != 0)
		return -1;
	return ts.tv_sec * CLOCKS_PER_SEC + ts.tv_nsec / 1000;
}

double difftime(time_t end, time_t start)
{
	return (double)(end - start);
}
