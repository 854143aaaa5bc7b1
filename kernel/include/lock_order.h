/*
 * Where the order of locks is checked, besides spin_lock() itself: nothing at all
 * in a normal build. See lock_order.c.
 */
#pragma once

#include "lock.h"
#include "types.h"

#ifdef DEBUG

/* Before a mutex is waited for, and after it is given up. */
void lock_order_mutex(const struct mutex *mutex);
void lock_order_unmutex(const struct mutex *mutex);

/* The task is about to sleep: it must not hold a spinlock. */
void lock_order_sleep(void);

/* Around the handler of an interrupt, which starts holding nothing. */
uint32_t lock_order_enter_irq(void);
void lock_order_leave_irq(uint32_t saved);

#else

static inline void lock_order_mutex(const struct mutex *mutex)
{
	(void)mutex;
}

static inline void lock_order_unmutex(const struct mutex *mutex)
{
	(void)mutex;
}

static inline void lock_order_sleep(void)
{
}

static inline uint32_t lock_order_enter_irq(void)
{
	return 0;
}

static inline void lock_order_leave_irq(uint32_t saved)
{
	(void)saved;
}

#endif
