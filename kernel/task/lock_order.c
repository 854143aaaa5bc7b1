/*
 * The order of locks, checked at run time: a debug build's part of lock.h.
 *
 * What is held is a set of ranks, a bit each. Mutexes are a task's, since it may
 * sleep with them; spinlocks are the CPU's, since nobody sleeps with one, but that
 * run_queue.lock is handed over in a switch. An interrupt starts with a set of its
 * own: what it came upon, it cannot wait for, because that is held with interrupts
 * off.
 */
#ifdef DEBUG

#include "lock_order.h"

#include "panic.h"
#include "task.h"

static uint32_t spin_ranks; /* of the one CPU there is */

static uint32_t bit(unsigned int rank)
{
	return 1u << rank;
}

static void check(unsigned int rank)
{
	uint32_t held = spin_ranks | current->mutex_ranks;

	if (panicking)
		return;
	if (!rank)
		panic("lock order: a lock without a rank");
	if (held >> rank)
		panic("lock order: rank %u is taken while the ranks %x are held",
		      rank, held);
}

void lock_order_spin(const struct spinlock *lock)
{
	check(lock->rank);
	spin_ranks |= bit(lock->rank);
}

void lock_order_unspin(const struct spinlock *lock)
{
	spin_ranks &= ~bit(lock->rank);
}

void lock_order_mutex(const struct mutex *mutex)
{
	check(mutex->rank);
	current->mutex_ranks |= bit(mutex->rank);
}

void lock_order_unmutex(const struct mutex *mutex)
{
	current->mutex_ranks &= ~bit(mutex->rank);
}

void lock_order_sleep(void)
{
	if (spin_ranks && !panicking)
		panic("sleeping while the ranks %x are held", spin_ranks);
}

uint32_t lock_order_enter_irq(void)
{
	uint32_t saved = spin_ranks;

	spin_ranks = 0;
	return saved;
}

void lock_order_leave_irq(uint32_t saved)
{
	spin_ranks = saved;
}

#endif
