/*
 * Times as system calls pass them, and as the kernel counts them: nanoseconds
 * in 64 bits, UINT64_MAX for what is too long to count.
 */
#pragma once

#include <uapi/time.h>

#include "types.h"

static inline uint64_t add_saturating(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

struct timespec ns_to_timespec(uint64_t ns);

/* Read a struct timespec at @user. 0, -EFAULT or -EINVAL. */
int ns_from_user(vaddr_t user, uint64_t *ns);

/* The same, as a point in time of ktime_ns() that lies so far ahead. */
int deadline_from_user(vaddr_t user, uint64_t *deadline_ns);

/* How far the clock is from @deadline_ns; 0 once it is there. */
uint64_t time_left(uint64_t deadline_ns);

/*
 * The end of ppoll and pselect6: the struct timespec at @user becomes the time
 * that is left. @ret, the call's result, or -EINTR: a call that does not know how
 * much time it has left cannot be made anew.
 */
long put_time_left(vaddr_t user, uint64_t deadline_ns, long ret);
