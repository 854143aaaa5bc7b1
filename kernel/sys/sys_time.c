/*
 * System calls about time: reading clocks and sleeping.
 */
#include <uapi/errno.h>
#include <uapi/time.h>

#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"

/* The value of @clock in nanoseconds; -EINVAL: there is no such clock. */
static int read_clock(int clock, uint64_t *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
		*ns = ktime_real_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = ktime_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = current->utime_ns + current->stime_ns;
		return 0;
	default:
		return -EINVAL;
	}
}

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){
		.tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_nsec = (long)(ns % NSEC_PER_SEC),
	};
}

/* As nanoseconds, UINT64_MAX for what is too long to count. */
static uint64_t from_timespec(const struct timespec *time)
{
	uint64_t ns;

	if (__builtin_mul_overflow((uint64_t)time->tv_sec, NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)time->tv_nsec, &ns))
		return UINT64_MAX;
	return ns;
}

long sys_clock_gettime(int clock, vaddr_t user)
{
	struct timespec time;
	uint64_t ns;
	int err = read_clock(clock, &ns);

	if (err)
		return err;
	time = to_timespec(ns);
	return copy_to_user(user, &time, sizeof(time));
}

/* CPU time is counted by ticks; the other clocks by the TSC. */
long sys_clock_getres(int clock, vaddr_t user)
{
	struct timespec resolution = { .tv_nsec = 1 };
	uint64_t unused;
	int err = read_clock(clock, &unused);

	if (err || !user)
		return err;
	if (clock == CLOCK_PROCESS_CPUTIME_ID ||
	    clock == CLOCK_THREAD_CPUTIME_ID)
		resolution.tv_nsec = NSEC_PER_TICK;
	return copy_to_user(user, &resolution, sizeof(resolution));
}

long sys_gettimeofday(vaddr_t user_time, vaddr_t user_zone)
{
	uint64_t ns = ktime_real_ns();
	struct timeval time = {
		.tv_sec = (long)(ns / NSEC_PER_SEC),
		.tv_usec = (long)(ns % NSEC_PER_SEC / 1000),
	};
	struct timezone utc = { 0 };
	int err = 0;

	if (user_time)
		err = copy_to_user(user_time, &time, sizeof(time));
	if (!err && user_zone)
		err = copy_to_user(user_zone, &utc, sizeof(utc));
	return err;
}

long sys_time(vaddr_t user)
{
	long seconds = (long)(ktime_real_ns() / NSEC_PER_SEC);

	if (user && copy_to_user(user, &seconds, sizeof(seconds)))
		return -EFAULT;
	return seconds;
}

/* ---- sleeping ---- */

static int get_sleep_time(vaddr_t user, uint64_t *ns)
{
	struct timespec time;
	int err = copy_from_user(&time, user, sizeof(time));

	if (err)
		return err;
	if (time.tv_sec < 0 || time.tv_nsec < 0 ||
	    time.tv_nsec >= (long)NSEC_PER_SEC)
		return -EINVAL;
	*ns = from_timespec(&time);
	return 0;
}

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/*
 * Sleep for @ns; when a signal ends it, what is left goes to @user_remain. After
 * a stop the call is made again and sleeps until its first deadline.
 */
static long sleep_for(uint64_t ns, vaddr_t user_remain)
{
	uint64_t deadline = current->sleep_restart_ns;
	struct timespec left;
	uint64_t now;

	if (!deadline)
		deadline = add_saturating(ktime_ns(), ns);
	current->sleep_restart_ns = 0;
	if (!sched_sleep_until(deadline))
		return 0;
	now = ktime_ns();
	left = to_timespec(now < deadline ? deadline - now : 0);
	if (user_remain && copy_to_user(user_remain, &left, sizeof(left)))
		return -EFAULT;
	current->sleep_restart_ns = deadline;
	return -EINTR;
}

/* @ns is a point on @clock, of which only the real one has another origin. */
static long sleep_until(int clock, uint64_t ns)
{
	if (clock == CLOCK_REALTIME) {
		uint64_t now = ktime_real_ns();

		ns = add_saturating(ktime_ns(), ns > now ? ns - now : 0);
	}
	return sched_sleep_until(ns);
}

long sys_nanosleep(vaddr_t request, vaddr_t remain)
{
	uint64_t ns;
	int err = get_sleep_time(request, &ns);

	return err ? err : sleep_for(ns, remain);
}

static int check_sleep_clock(int clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_MONOTONIC_COARSE:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

long sys_clock_nanosleep(int clock, int flags, vaddr_t request, vaddr_t remain)
{
	uint64_t ns;
	int err = check_sleep_clock(clock);

	if (!err)
		err = get_sleep_time(request, &ns);
	if (err)
		return err;
	return flags & TIMER_ABSTIME ? sleep_until(clock, ns)
				     : sleep_for(ns, remain);
}
