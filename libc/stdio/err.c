/* Messages of failing programs: "program: text: reason". */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void vwarnx(const char *fmt, va_list args)
{
	fprintf(stderr, "%s: ", program_invocation_short_name);
	if (fmt)
		vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void vwarn(const char *fmt, va_list args)
{
	int error = errno;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	if (fmt) {
		vfprintf(stderr, fmt, args);
		fputs(": ", stderr);
	}
	fprintf(stderr, "%s\n", strerror(error));
}

void warn(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vwarn(fmt, args);
	va_end(args);
}

void warnx(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vwarnx(fmt, args);
	va_end(args);
}

_Noreturn void verr(int status, const char *fmt, va_list args)
{
	vwarn(fmt, args);
	exit(status);
}

_Noreturn void verrx(int status, const char *fmt, va_list args)
{
	vwarnx(fmt, args);
	exit(status);
}

_Noreturn void err(int status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verr(status, fmt, args);
}

_Noreturn void errx(int status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verrx(status, fmt, args);
}
