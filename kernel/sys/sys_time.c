/*
 * System calls about time: reading clocks and sleeping. Timers that send
 * signals are in sys_itimer.c.
 */
#include <uapi/errno.h>
#include <uapi/time.h>

#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"
#include "user_time.h"

static uint64_t process_time_ns(void)
{
	struct task_usage used;

	mutex_lock(&tasklist_lock);
	used = usage_of_process_locked(current->leader);
	mutex_unlock(&tasklist_lock);
	return used.utime_ns + used.stime_ns;
}

/* The value of @clock in nanoseconds; -EINVAL: there is no such clock. */
static int read_clock(int clock, uint64_t *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		*ns = ktime_real_ns();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		*ns = ktime_ns();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = process_time_ns();
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = current->utime_ns + current->stime_ns;
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_clock_gettime(int clock, vaddr_t user)
{
	struct timespec time;
	uint64_t ns;
	int err = read_clock(clock, &ns);

	if (err)
		return err;
	time = ns_to_timespec(ns);
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

/*
 * Sleep until @restart->deadline_ns; when a signal ends it, what is left goes to
 * @restart->user. A handler leaves it at that; else the call goes on here.
 */
static long sleep_rest(const struct restart *restart)
{
	struct timespec left;
	uint64_t now;

	if (!sched_sleep_until(restart->deadline_ns))
		return 0;
	now = ktime_ns();
	left = ns_to_timespec(now < restart->deadline_ns
				      ? restart->deadline_ns - now
				      : 0);
	if (restart->user && copy_to_user(restart->user, &left, sizeof(left)))
		return -EFAULT;
	return -ERESTART_RESTARTBLOCK;
}

static long sleep_for(uint64_t ns, vaddr_t user_remain)
{
	current->restart = (struct restart){
		.fn = sleep_rest,
		.deadline_ns = add_saturating(ktime_ns(), ns),
		.user = user_remain,
	};
	return sleep_rest(&current->restart);
}

long sys_restart_syscall(void)
{
	const struct restart *restart = &current->restart;

	return restart->fn ? restart->fn(restart) : -EINTR;
}

/* @ns is a point on @clock, of which only the real one has another origin. */
static long sleep_until(int clock, uint64_t ns)
{
	if (clock == CLOCK_REALTIME) {
		uint64_t now = ktime_real_ns();

		ns = add_saturating(ktime_ns(), ns > now ? ns - now : 0);
	}
	return sched_sleep_until(ns) ? -ERESTARTNOHAND : 0;
}

long sys_nanosleep(vaddr_t request, vaddr_t remain)
{
	uint64_t ns;
	int err = ns_from_user(request, &ns);

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
		err = ns_from_user(request, &ns);
	if (err)
		return err;
	return flags & TIMER_ABSTIME ? sleep_until(clock, ns)
				     : sleep_for(ns, remain);
}
