/* Date and time as text, in the "C" locale. */
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const day_names[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday",
};

static const char *const month_names[] = {
	"January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December",
};

/* Text that is full fits no further byte, which makes the result 0. */
struct output {
	char *dst;
	size_t size;
	size_t len;
	int full;
};

static void put_text(struct output *out, const char *text, size_t n)
{
	if (n >= out->size - out->len) {
		out->full = 1;
		return;
	}
	memcpy(out->dst + out->len, text, n);
	out->len += n;
}

static void put_name(struct output *out, const char *const *names, int nr_names,
		     int index, size_t max)
{
	const char *name = index >= 0 && index < nr_names ? names[index] : "?";

	put_text(out, name, strnlen(name, max));
}

static void put_number(struct output *out, const char *fmt, long value)
{
	char text[24];
	int n = snprintf(text, sizeof(text), fmt, value);

	put_text(out, text, (size_t)n);
}

/* The week of the year, which starts anew on each @first_day (0: Sunday). */
static int week_of_year(const struct tm *tm, int first_day)
{
	int day_of_week = (tm->tm_wday - first_day + 7) % 7;

	return (tm->tm_yday + 7 - day_of_week) / 7;
}

static int days_in_year(long year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366
								     : 365;
}

/*
 * ISO 8601: a week belongs to the year that its Thursday is in. Returns the
 * week, and the year in *@year.
 */
static int iso_week(const struct tm *tm, long *year)
{
	int thursday = tm->tm_yday + 3 - (tm->tm_wday + 6) % 7;

	*year = tm->tm_year + 1900L;
	if (thursday < 0) {
		--*year;
		thursday += days_in_year(*year);
	} else if (thursday >= days_in_year(*year)) {
		thursday -= days_in_year(*year);
		++*year;
	}
	return thursday / 7 + 1;
}

static void format_all(struct output *out, const char *fmt,
		       const struct tm *tm);

static long hour_12(const struct tm *tm)
{
	return tm->tm_hour % 12 ? tm->tm_hour % 12 : 12;
}

static void put_zone(struct output *out, const struct tm *tm)
{
	long minutes = tm->tm_gmtoff / 60;

	put_text(out, minutes < 0 ? "-" : "+", 1);
	if (minutes < 0)
		minutes = -minutes;
	put_number(out, "%04ld", minutes / 60 * 100 + minutes % 60);
}

/* Conversions that stand for a number. 0 if @conv is none of them. */
static int format_number(struct output *out, char conv, const struct tm *tm)
{
	long year = tm->tm_year + 1900L;
	long iso_year;
	int week = iso_week(tm, &iso_year);
	struct tm copy = *tm;

	switch (conv) {
	case 'C': put_number(out, "%02ld", year / 100); break;
	case 'd': put_number(out, "%02ld", tm->tm_mday); break;
	case 'e': put_number(out, "%2ld", tm->tm_mday); break;
	case 'G': put_number(out, "%ld", iso_year); break;
	case 'g': put_number(out, "%02ld", iso_year % 100); break;
	case 'H': put_number(out, "%02ld", tm->tm_hour); break;
	case 'I': put_number(out, "%02ld", hour_12(tm)); break;
	case 'j': put_number(out, "%03ld", tm->tm_yday + 1L); break;
	case 'k': put_number(out, "%2ld", tm->tm_hour); break;
	case 'l': put_number(out, "%2ld", hour_12(tm)); break;
	case 'm': put_number(out, "%02ld", tm->tm_mon + 1L); break;
	case 'M': put_number(out, "%02ld", tm->tm_min); break;
	case 's': put_number(out, "%ld", timegm(&copy)); break;
	case 'S': put_number(out, "%02ld", tm->tm_sec); break;
	case 'u': put_number(out, "%ld", (tm->tm_wday + 6) % 7 + 1L); break;
	case 'U': put_number(out, "%02ld", week_of_year(tm, 0)); break;
	case 'V': put_number(out, "%02ld", week); break;
	case 'w': put_number(out, "%ld", tm->tm_wday); break;
	case 'W': put_number(out, "%02ld", week_of_year(tm, 1)); break;
	case 'y': put_number(out, "%02ld", year % 100); break;
	case 'Y': put_number(out, "%ld", year); break;
	default: return 0;
	}
	return 1;
}

/* The others: names, and those that stand for several. */
static void format_text(struct output *out, char conv, const struct tm *tm)
{
	switch (conv) {
	case 'a': put_name(out, day_names, 7, tm->tm_wday, 3); break;
	case 'A': put_name(out, day_names, 7, tm->tm_wday, 20); break;
	case 'b':
	case 'h': put_name(out, month_names, 12, tm->tm_mon, 3); break;
	case 'B': put_name(out, month_names, 12, tm->tm_mon, 20); break;
	case 'c': format_all(out, "%a %b %e %H:%M:%S %Y", tm); break;
	case 'D':
	case 'x': format_all(out, "%m/%d/%y", tm); break;
	case 'F': format_all(out, "%Y-%m-%d", tm); break;
	case 'n': put_text(out, "\n", 1); break;
	case 'p': put_text(out, tm->tm_hour < 12 ? "AM" : "PM", 2); break;
	case 'P': put_text(out, tm->tm_hour < 12 ? "am" : "pm", 2); break;
	case 'r': format_all(out, "%I:%M:%S %p", tm); break;
	case 'R': format_all(out, "%H:%M", tm); break;
	case 't': put_text(out, "\t", 1); break;
	case 'T':
	case 'X': format_all(out, "%H:%M:%S", tm); break;
	case 'z': put_zone(out, tm); break;
	case 'Z': put_text(out, "UTC", 3); break;
	default: put_text(out, &conv, 1); break;
	}
}

static void format_all(struct output *out, const char *fmt,
		       const struct tm *tm)
{
	for (; *fmt && !out->full; fmt++) {
		if (*fmt != '%') {
			put_text(out, fmt, 1);
			continue;
		}
		fmt++;
		if (*fmt == 'E' || *fmt == 'O')
			fmt++;	/* another calendar or script: there is none */
		if (!*fmt)
			return;
		if (!format_number(out, *fmt, tm))
			format_text(out, *fmt, tm);
	}
}

/* The length without the NUL; 0 if it does not fit, and @dst is not valid. */
size_t strftime(char *restrict dst, size_t size, const char *restrict fmt,
		const struct tm *restrict tm)
{
	struct output out = { .dst = dst, .size = size, .full = size == 0 };

	format_all(&out, fmt, tm);
	if (out.full)
		return 0;
	dst[out.len] = '\0';
	return out.len;
}

/* @buf has room for 26 bytes. */
char *asctime_r(const struct tm *restrict tm, char *restrict buf)
{
	return strftime(buf, 26, "%a %b %e %H:%M:%S %Y\n", tm) ? buf : NULL;
}

char *asctime(const struct tm *tm)
{
	static char buf[26];

	return asctime_r(tm, buf);
}

char *ctime_r(const time_t *time, char *buf)
{
	struct tm tm;

	return gmtime_r(time, &tm) ? asctime_r(&tm, buf) : NULL;
}

char *ctime(const time_t *time)
{
	struct tm *tm = gmtime(time);

	return tm ? asctime(tm) : NULL;
}
