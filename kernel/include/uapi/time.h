#pragma once

/* Time as system calls see it. Every count is a signed 64-bit number. */

struct timespec {
	long tv_sec;
	long tv_nsec;		/* [0, 999999999] */
};

struct timeval {
	long tv_sec;
	long tv_usec;		/* [0, 999999] */
};

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

struct itimerval {
	struct timeval it_interval;
	struct timeval it_value;
};

struct itimerspec {
	struct timespec it_interval;
	struct timespec it_value;
};

/* times(2) counts in ticks of 1 / USER_HZ seconds, whatever the timer does. */
#define USER_HZ		100

struct tms {
	long tms_utime;
	long tms_stime;
	long tms_cutime;
	long tms_cstime;
};

#define CLOCK_REALTIME			0
#define CLOCK_MONOTONIC			1
#define CLOCK_PROCESS_CPUTIME_ID	2
#define CLOCK_THREAD_CPUTIME_ID		3
#define CLOCK_MONOTONIC_RAW		4
#define CLOCK_REALTIME_COARSE		5
#define CLOCK_MONOTONIC_COARSE		6
#define CLOCK_BOOTTIME			7
#define CLOCK_TAI			11

#define TIMER_ABSTIME	1	/* clock_nanosleep() */

#define ITIMER_REAL	0
#define ITIMER_VIRTUAL	1
#define ITIMER_PROF	2

#define UTIME_NOW	0x3fffffffL	/* tv_nsec of utimensat() */
#define UTIME_OMIT	0x3ffffffeL
