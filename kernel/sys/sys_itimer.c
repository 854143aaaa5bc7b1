/*
 * System calls that set timers: alarm, setitimer, getitimer.
 */
#include <uapi/errno.h>
#include <uapi/time.h>

#include "itimer.h"
#include "syscall.h"
#include "timer.h"
#include "uaccess.h"

#define USEC_PER_SEC 1000000L
#define NSEC_PER_USEC 1000UL

static int to_ns(const struct timeval *time, uint64_t *ns)
{
	if (time->tv_sec < 0 || time->tv_usec < 0 ||
	    time->tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)time->tv_sec, NSEC_PER_SEC, ns) ||
	    __builtin_add_overflow(*ns, (uint64_t)time->tv_usec *
						NSEC_PER_USEC, ns))
		*ns = UINT64_MAX;
	return 0;
}

/* Rounded up: what is still running is not shown as 0. */
static struct timeval to_timeval(uint64_t ns)
{
	uint64_t usec = ns / NSEC_PER_USEC + (ns % NSEC_PER_USEC != 0);

	return (struct timeval){
		.tv_sec = (long)(usec / USEC_PER_SEC),
		.tv_usec = (long)(usec % USEC_PER_SEC),
	};
}

static bool is_timer(int which)
{
	return which == ITIMER_REAL || which == ITIMER_VIRTUAL ||
	       which == ITIMER_PROF;
}

static int put_timer(vaddr_t user, struct itimer timer)
{
	struct itimerval value = {
		.it_interval = to_timeval(timer.interval_ns),
		.it_value = to_timeval(timer.value_ns),
	};

	return copy_to_user(user, &value, sizeof(value));
}

long sys_getitimer(int which, vaddr_t user)
{
	return is_timer(which) ? put_timer(user, itimer_get(which)) : -EINVAL;
}

/* Without a value it is one of zeros, which stops the timer: as on Linux. */
long sys_setitimer(int which, vaddr_t user_value, vaddr_t user_old)
{
	struct itimerval value = { 0 };
	struct itimer timer, old;
	int err = 0;

	if (user_value)
		err = copy_from_user(&value, user_value, sizeof(value));
	if (!err)
		err = to_ns(&value.it_value, &timer.value_ns);
	if (!err)
		err = to_ns(&value.it_interval, &timer.interval_ns);
	if (!err && !is_timer(which))
		err = -EINVAL;
	if (err)
		return err;
	old = itimer_set(which, timer);
	return user_old ? put_timer(user_old, old) : 0;
}

/* To the nearest second, but what is still running is not 0. */
long sys_alarm(unsigned int seconds)
{
	struct itimer timer = { .value_ns = seconds * NSEC_PER_SEC };
	uint64_t left = itimer_set(ITIMER_REAL, timer).value_ns;

	if (left && left < NSEC_PER_SEC)
		return 1;
	return (long)((left + NSEC_PER_SEC / 2) / NSEC_PER_SEC);
}
