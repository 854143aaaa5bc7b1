/*
 * The real-time clock in the CMOS chip: read once, at boot.
 */
#include "rtc.h"

#include "arch.h"

#define CMOS_INDEX 0x70
#define CMOS_DATA 0x71

enum cmos_register {
	CMOS_SECOND = 0x00,
	CMOS_MINUTE = 0x02,
	CMOS_HOUR = 0x04,
	CMOS_DAY = 0x07,
	CMOS_MONTH = 0x08,
	CMOS_YEAR = 0x09, /* of the century */
	CMOS_STATUS_A = 0x0a,
	CMOS_STATUS_B = 0x0b,
};

#define STATUS_A_UPDATING 0x80
#define STATUS_B_24_HOURS 0x02
#define STATUS_B_BINARY 0x04
#define HOUR_PM 0x80

#define CENTURY 2000 /* a machine that boots this was not built before */
#define UPDATE_MAX_POLLS 100000

static uint8_t cmos_read(enum cmos_register reg)
{
	outb(CMOS_INDEX, reg);
	return inb(CMOS_DATA);
}

static unsigned int decode(uint8_t value, uint8_t status)
{
	if (status & STATUS_B_BINARY)
		return value;
	return (value >> 4) * 10u + (value & 0x0f);
}

static unsigned int decode_hour(uint8_t value, uint8_t status)
{
	unsigned int hour = decode(value & ~HOUR_PM, status);

	if (status & STATUS_B_24_HOURS)
		return hour;
	return hour % 12 + (value & HOUR_PM ? 12 : 0);
}

/* Days from 1970-01-01 to a date from 2000 on. */
static uint64_t days_since_epoch(unsigned int year, unsigned int month,
				 unsigned int day)
{
	static const uint16_t days_before_month[] = {
		0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334,
	};
	/* Leap days of the years before this one: exact from 1901 to 2099. */
	uint64_t days = (year - 1970) * 365 + (year - 1969) / 4;

	days += days_before_month[(month - 1) % 12] + day - 1;
	if (year % 4 == 0 && month > 2)
		days++;
	return days;
}

/* After an update has ended the registers are stable for most of a second. */
static void wait_for_stable(void)
{
	for (int polls = 0; polls < UPDATE_MAX_POLLS; polls++)
		if (!(cmos_read(CMOS_STATUS_A) & STATUS_A_UPDATING))
			return;
}

uint64_t rtc_read_seconds(void)
{
	uint8_t status;
	uint64_t days, seconds;

	wait_for_stable();
	status = cmos_read(CMOS_STATUS_B);
	days = days_since_epoch(CENTURY + decode(cmos_read(CMOS_YEAR), status),
				decode(cmos_read(CMOS_MONTH), status),
				decode(cmos_read(CMOS_DAY), status));
	seconds = decode_hour(cmos_read(CMOS_HOUR), status) * 3600UL;
	seconds += decode(cmos_read(CMOS_MINUTE), status) * 60UL;
	seconds += decode(cmos_read(CMOS_SECOND), status);
	return days * 86400 + seconds;
}
