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

/*
 * Wake up to @nr_wake of those who wait for @from, and let up to @nr_requeue of
 * the rest wait for @to. @value, unless NULL, is what the word at @from must be,
 * else -EAGAIN. How many were woken or moved, -EINVAL, -EFAULT.
 */
int futex_requeue(vaddr_t from, vaddr_t to, bool private, int nr_wake,
		  int nr_requeue, const uint32_t *value);

/*
 * Change the word at @addr2 as FUTEX_WAKE_OP's @op says, wake up to @nr of those
 * who wait for @addr and, if the old word compares as @op asks, up to @nr2 of
 * those for @addr2. How many, -EINVAL, -EFAULT, -ENOSYS.
 */
int futex_wake_op(vaddr_t addr, vaddr_t addr2, bool private, int nr, int nr2,
		  uint32_t op);

/*
 * The running thread gives up its memory: every lock in its list of robust ones
 * gets FUTEX_OWNER_DIED, and one who waits for it is woken.
 */
void robust_list_exit(void);
