/*
 * What every host test needs: checks that print, a seed, and the kernel's
 * panic() turned into an ordinary failure.
 */
#pragma once

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "types.h"

/* Number of failed checks since the last host_report(). */
extern int host_failures;

#define CHECK(x)                                                         \
	do {                                                             \
		if (!(x)) {                                              \
			printf("%s:%d: %s\n", __FILE__, __LINE__, #x);   \
			host_failures++;                                 \
		}                                                        \
	} while (0)

#define CHECK_EQ(got, want)                                              \
	do {                                                             \
		uint64_t got_ = (uint64_t)(got), want_ = (uint64_t)(want); \
		if (got_ != want_) {                                     \
			printf("%s:%d: %s: got %#" PRIx64                \
			       ", want %#" PRIx64 "\n",                  \
			       __FILE__, __LINE__, #got, got_, want_);   \
			host_failures++;                                 \
		}                                                        \
	} while (0)

/* Print PASS or FAIL for the test @name, from the checks since the last call. */
void host_report(const char *name);

/* The exit status of main(): 0 if every report was a pass. */
int host_status(void);

/*
 * A pseudo-random number. The seed is the environment's SEED or new each run;
 * host_seed() prints it, so that a failure can be repeated.
 */
uint64_t host_random(void);
void host_seed(void);

/* A number in [0, n). */
static inline uint64_t host_below(uint64_t n)
{
	return host_random() % n;
}

/* Give the frame allocator HOST_RAM_BYTES of RAM at @start (frame_init()). */
void host_frames_init(paddr_t start);

/* Reserve the kernel heap's window; before kmalloc_init(). */
void host_window_init(void);
