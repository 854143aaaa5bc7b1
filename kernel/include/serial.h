/*
 * The first serial port, a 16550 at 0x3f8: 115200 baud, 8 bits, no parity.
 */
#pragma once

#include "types.h"

/* Program the port. Without a port there, output goes nowhere. */
void serial_init(void);

/* Let received bytes interrupt, and pass each to console_input(). */
void serial_init_input(void);

/* Send @n bytes, each newline as CR LF; returns when the FIFO has them. */
void serial_write(const char *buf, size_t n);

/* Wait until the last byte has left: before the machine is switched off. */
void serial_drain(void);
