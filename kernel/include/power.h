/*
 * Ways to leave: power off, reset, and QEMU's debug-exit device.
 */
#pragma once

#include "types.h"

/* What is written to the debug-exit port; QEMU exits with 2 * value + 1. */
#define DEBUG_EXIT_ORDERLY 0x10
#define DEBUG_EXIT_PANIC 0x11

/* End QEMU with @value; returns when there is no debug-exit device. */
void debug_exit(uint8_t value);

__attribute__((noreturn)) void power_off(void);
__attribute__((noreturn)) void power_reboot(void);

/* Make the CPU reset itself: what a kernel without an IDT would suffer. */
__attribute__((noreturn)) void triple_fault(void);

/* Stop this CPU for good. */
__attribute__((noreturn)) void halt_forever(void);
