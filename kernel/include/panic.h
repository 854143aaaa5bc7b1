/*
 * The end: the kernel broke its own promise.
 *
 * A panic prints the reason, registers, CR2, the task and a symbolised
 * backtrace, and leaves QEMU with the status for a panic (real machines halt).
 * A user program's mistake never comes here.
 */
#pragma once

#include "types.h"

struct trap_frame;

/* Set for good by the first panic: output takes no locks from then on. */
extern bool panicking;

__attribute__((noreturn, format(printf, 1, 2)))
void panic(const char *fmt, ...);

/* A panic whose registers and backtrace are those of an exception. */
__attribute__((noreturn, format(printf, 2, 3)))
void panic_trap(const struct trap_frame *frame, const char *fmt, ...);

__attribute__((noreturn))
void kassert_failed(const char *file, int line, const char *expression);

#define KASSERT(x)                                               \
	do {                                                     \
		if (__builtin_expect(!(x), 0))                   \
			kassert_failed(__FILE__, __LINE__, #x);  \
	} while (0)
