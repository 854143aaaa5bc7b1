/*
 * The battery-backed clock of a PC.
 */
#pragma once

#include "types.h"

/* Seconds since 1970-01-01 00:00:00 UTC; the clock is taken to show UTC. */
uint64_t rtc_read_seconds(void);
