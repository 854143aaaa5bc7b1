/*
 * The lines that a program's fatal mistake leaves in the kernel log, as Linux
 * words them. Interrupts are on: the program's code bytes may fault in.
 */
#pragma once

#include "types.h"

struct trap_frame;

/* "comm[tid]: segfault at ..." and its Code: line. */
void trap_log_segfault(const struct trap_frame *frame, vaddr_t addr,
		       uint64_t error);

/* "traps: comm[tid] trap divide error ip:..." */
void trap_log_exception(const struct trap_frame *frame, const char *name);
