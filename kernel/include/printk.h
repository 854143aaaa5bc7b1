/*
 * The kernel's own words: formatted text to the console and into a ring that
 * keeps the last of it.
 *
 * Formats: %d %i %u %x %X %p %s %c %%, with l, ll and z, a width or *, a
 * precision for %s, and the flags 0 and -.
 */
#pragma once

#include <stdarg.h>

#include "types.h"

/* May be called anywhere, from interrupts too. */
__attribute__((format(printf, 1, 2)))
void printk(const char *fmt, ...);

void vprintk(const char *fmt, va_list args);

/*
 * Format into @buf of @size bytes, always ended by a zero byte if @size > 0.
 * Returns the length that the whole text has, which may be @size or more.
 */
__attribute__((format(printf, 3, 4)))
int snprintf(char *buf, size_t size, const char *fmt, ...);

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);

/*
 * Copy the newest part of the log, at most @size bytes, oldest byte first.
 * Returns how many bytes were copied; no zero byte is added.
 */
size_t printk_log_read(char *buf, size_t size);
