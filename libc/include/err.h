#pragma once

#include <stdarg.h>

/* Messages of a program that fails: "program: text: reason" on stderr. */

void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void vwarn(const char *fmt, va_list args) __attribute__((format(printf, 1, 0)));
void vwarnx(const char *fmt, va_list args)
	__attribute__((format(printf, 1, 0)));
_Noreturn void err(int status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
_Noreturn void errx(int status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
_Noreturn void verr(int status, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
_Noreturn void verrx(int status, const char *fmt, va_list args)
	__attribute__((format(printf, 2, 0)));
