#pragma once

#include <stddef.h>
#include <sys/types.h>
#include <uapi/time.h>

#define CLOCKS_PER_SEC	1000000L
#define TIME_UTC	1

/* Broken-down time. There are no time zones here: local time is UTC. */
struct tm {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;		/* 1 to 31 */
	int tm_mon;		/* 0 to 11 */
	int tm_year;		/* since 1900 */
	int tm_wday;		/* 0 is Sunday */
	int tm_yday;		/* 0 to 365 */
	int tm_isdst;
	long tm_gmtoff;
	const char *tm_zone;
};

time_t time(time_t *now);
clock_t clock(void);
double difftime(time_t end, time_t start);
int clock_gettime(clockid_t clock, struct timespec *now);
int clock_settime(clockid_t clock, const struct timespec *now);
int clock_getres(clockid_t clock, struct timespec *resolution);
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wait,
		    struct timespec *left);
int nanosleep(const struct timespec *wait, struct timespec *left);
int timespec_get(struct timespec *now, int base);

struct tm *gmtime(const time_t *time);
struct tm *gmtime_r(const time_t *restrict time, struct tm *restrict tm);
struct tm *localtime(const time_t *time);
struct tm *localtime_r(const time_t *restrict time, struct tm *restrict tm);
time_t mktime(struct tm *tm);
time_t timegm(struct tm *tm);
char *asctime(const struct tm *tm);
char *asctime_r(const struct tm *restrict tm, char *restrict buf);
char *ctime(const time_t *time);
char *ctime_r(const time_t *time, char *buf);
size_t strftime(char *restrict dst, size_t size, const char *restrict fmt,
		const struct tm *restrict tm)
	__attribute__((format(strftime, 3, 0)));
