/*
 * Time: the periodic tick (PIT) and the clock (TSC, and the RTC at boot).
 */
#pragma once

#include "types.h"

#define HZ 1000 /* ticks per second; one is also a task's smallest slice */
#define NSEC_PER_SEC 1000000000ULL
#define NSEC_PER_TICK (NSEC_PER_SEC / HZ)

/* Measure the TSC, read the RTC, start the tick. Interrupts may be off. */
void timer_init(void);

/* Ticks since timer_init(). */
extern volatile uint64_t timer_ticks;

/* Nanoseconds since the kernel started; never goes back. */
uint64_t ktime_ns(void);

/* Nanoseconds since 1970-01-01 00:00:00 UTC, as far as the RTC knows. */
uint64_t ktime_real_ns(void);

/* TSC ticks per second. */
extern uint64_t tsc_hz;
