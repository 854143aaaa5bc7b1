/*
 * Seconds since 1970 to year, month and day, and back, in the Gregorian
 * calendar without leap seconds. There are no time zones: local time is UTC.
 *
 * Years are counted from 1 March, so that a leap day is the last of its year
 * and the lengths of the months before it follow one rule. 400 years, an era,
 * have the same number of days always.
 */
#include <errno.h>
#include <limits.h>
#include <time.h>

#define DAY_SECONDS		86400
#define ERA_YEARS		400
#define ERA_DAYS		146097
#define EPOCH_DAY		719468	/* 1970-01-01, from 0000-03-01 */
#define JANUARY_1_IN_MARCH_YEAR	306	/* days since 1 March */

/* Division that rounds down, also below zero. */
static long floor_div(long num, long den)
{
	return num / den - (num % den < 0);
}

static int is_leap(long year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1 March to the first of @month, which is 0 for March. */
static long days_before_month(long month)
{
	return (153 * month + 2) / 5;
}

/* Days since 1970-01-01; @month is 0 to 11, @day counts from 0. */
static long days_from_civil(long year, long month, long day)
{
	long march_year = year - (month < 2);
	long era = floor_div(march_year, ERA_YEARS);
	long year_of_era = march_year - era * ERA_YEARS;
	long day_of_year = days_before_month((month + 10) % 12) + day;

	return era * ERA_DAYS + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - EPOCH_DAY;
}

/* Fill in date and weekday. -1: the year does not fit into an int. */
static int civil_from_days(long days, struct tm *tm)
{
	long era = floor_div(days + EPOCH_DAY, ERA_DAYS);
	long day_of_era = days + EPOCH_DAY - era * ERA_DAYS;
	long year_of_era = (day_of_era - day_of_era / 1460 +
			    day_of_era / 36524 - day_of_era / 146096) / 365;
	long day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
					 year_of_era / 100);
	long month = (5 * day_of_year + 2) / 153;	/* 0 is March */
	long year = era * ERA_YEARS + year_of_era + (month >= 10);

	if (year - 1900 > INT_MAX || year - 1900 < INT_MIN)
		return -1;
	tm->tm_year = (int)(year - 1900);
	tm->tm_mon = (int)((month + 2) % 12);
	tm->tm_mday = (int)(day_of_year - days_before_month(month) + 1);
	tm->tm_yday = (int)(month >= 10
			    ? day_of_year - JANUARY_1_IN_MARCH_YEAR
			    : day_of_year + 59 + is_leap(year));
	tm->tm_wday = (int)(days + 4 - 7 * floor_div(days + 4, 7));
	return 0;
}

struct tm *gmtime_r(const time_t *restrict time, struct tm *restrict tm)
{
	long days = floor_div(*time, DAY_SECONDS);
	int seconds = (int)(*time - days * DAY_SECONDS);

	if (civil_from_days(days, tm) != 0) {
		errno = EOVERFLOW;
		return NULL;
	}
	tm->tm_hour = seconds / 3600;
	tm->tm_min = seconds / 60 % 60;
	tm->tm_sec = seconds % 60;
	tm->tm_isdst = 0;
	tm->tm_gmtoff = 0;
	tm->tm_zone = "UTC";
	return tm;
}

struct tm *gmtime(const time_t *time)
{
	static struct tm tm;

	return gmtime_r(time, &tm);
}

struct tm *localtime_r(const time_t *restrict time, struct tm *restrict tm)
{
	return gmtime_r(time, tm);
}

struct tm *localtime(const time_t *time)
{
	return gmtime(time);
}

/* Members may be out of their ranges; they are put right in @tm. */
time_t timegm(struct tm *tm)
{
	long years = floor_div(tm->tm_mon, 12);
	long month = tm->tm_mon - years * 12;
	long days = days_from_civil(tm->tm_year + 1900L + years, month,
				    tm->tm_mday - 1L);
	time_t time = days * DAY_SECONDS + tm->tm_hour * 3600L +
		      tm->tm_min * 60L + tm->tm_sec;

	return gmtime_r(&time, tm) ? time : -1;
}

time_t mktime(struct tm *tm)
{
	return timegm(tm);
}
