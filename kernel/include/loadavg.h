/*
 * Load averages: how many tasks wanted the CPU lately.
 */
#pragma once

#include "timer.h"
#include "types.h"

#define LOADAVG_PERIOD_TICKS (5 * HZ)

/* Binary places of a load. */
#define LOADAVG_SHIFT 11

/* Averages of 1, 5 and 15 minutes; written by the tick. */
extern uint64_t loadavg[3];

/* Take a sample; every LOADAVG_PERIOD_TICKS, from the tick. */
void loadavg_sample(void);
