/*
 * Sleeping on a word of user memory. See futex.c.
 */
#pragma once

#include "types.h"

/*
 * Sleep while the word at @addr is @value, at most until @deadline_ns. @private:
 * only tasks of this address space wake it. 0: woken. -EAGAIN: it is another
 * value. -ETIMEDOUT, -ERESTARTSYS, -EINVAL (not aligned, no @bits), -EFAULT.
 */
int futex_wait(vaddr_t addr, bool private, uint32_t value, uint32_t bits,
	       uint64_t deadline_ns);

/* Wake up to @nr, at least one, of those that wait with one of @bits. How many. */
int futex_wake(vaddr_t addr, bool private, int nr, uint32_t bits);
