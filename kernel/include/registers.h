/*
 * Showing the processor's state, for a panic.
 */
#pragma once

#include "trap.h"

/*
 * Fill @frame with the registers of the caller, as if an exception had struck
 * there; what a call may change has no meaning and is 0.
 */
void registers_capture(struct trap_frame *frame);

/* Print @frame and the control registers. */
void registers_print(const struct trap_frame *frame);

/*
 * Print where @frame is and its callers, by frame pointers. Each must lie in
 * the same kernel stack and above the one before, or the walk ends there.
 */
void backtrace_print(const struct trap_frame *frame);
