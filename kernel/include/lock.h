/*
 * Locks.
 *
 * The order in which they are taken; a task that holds one may take only those
 * below it, and never two of the same number:
 *
 *	0  inode->io_lock  mutex     one writer of a file at a time
 *	0  pipe->lock      mutex     a pipe's buffer
 *	0  swap_on_lock    mutex     one swapon or swapoff at a time
 *	1  tasklist_lock   mutex     the tree of tasks, exit and wait
 *	2  mm->lock        mutex     VMAs and page tables of one address space
 *	3  shm_lock        mutex     the table of System V segments
 *	3  inode->lock     mutex     size and frames of a file
 *	4  block->lock     mutex     one request of a disk at a time
 *	5  channel->lock   mutex     both drives of an IDE channel
 *	4  itimer_lock, futex_lock: spinlocks; sig_lock and run_queue.lock below
 *	4  sig_lock        spinlock  pending signals, dispositions, threads
 *	5  wait_queue.lock spinlock  who sleeps on an event
 *	5  mutex.wait_lock spinlock  who sleeps for a mutex
 *	6  run_queue.lock  spinlock  who may run
 *	7  files->lock     spinlock  a table of file descriptors
 *	7  dentry_lock     spinlock  names and directories
 *	7  clock_lock      spinlock  the ring of cached frames
 *	7  ring_lock       spinlock  the ring of frames of tmpfs
 *	7  swap_lock       spinlock  slots of swap areas, the swap cache
 *	7  mm_list_lock    spinlock  the list of address spaces
 *	7  kstack_lock, pid_lock, the pool of random.c: spinlocks, small maps
 *	8  frame_lock      spinlock  the buddy lists
 *	9  console locks   spinlocks output devices, typed bytes, the log ring
 *
 * io_lock and pipe->lock stand above all others because bytes are copied from
 * and to user memory under them: that may fault, and a fault for which there is
 * no frame left looks for a victim in the tree of tasks.
 *
 * Reclaim takes the mm->lock of one address space after the other, and waits for
 * it. So nobody may reclaim who holds an mm->lock or anything below: code under
 * one that finds no frame gives it up with -ENOMEM, and whoever took it calls
 * reclaim_frames() and tries again. Then a holder of an mm->lock waits for disks at
 * most, which need no memory to finish, and reclaim cannot deadlock. Pages are
 * written to swap with no lock held but the disk's.
 *
 * A spinlock that an interrupt handler takes is always taken with interrupts
 * off. A mutex sleeps, so it is never taken from an interrupt or under a
 * spinlock.
 */
#pragma once

#include "list.h"
#include "panic.h"
#include "types.h"

struct task;

struct spinlock {
	uint32_t held; /* atomic: 0 or 1 */
};

#define SPINLOCK_INIT { 0 }

/* Spin until the lock is free. Interrupts stay as they are. */
static inline void spin_lock(struct spinlock *lock)
{
	while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			__builtin_ia32_pause();
}

static inline void spin_unlock(struct spinlock *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

/* As above with interrupts off in between; the old state comes back at the end. */
unsigned long spin_lock_irqsave(struct spinlock *lock);
void spin_unlock_irqrestore(struct spinlock *lock, unsigned long irq_state);

struct mutex {
	struct task *owner;          /* atomic; NULL: free */
	uint32_t nr_waiters;         /* atomic; written under wait_lock */
	struct spinlock wait_lock;
	struct list_node waiters;    /* wait_lock */
};

#define MUTEX_INIT(m) \
	{ NULL, 0, SPINLOCK_INIT, { &(m).waiters, &(m).waiters } }

void mutex_init(struct mutex *mutex);

/* The parts of mutex_lock() and mutex_unlock() that sleep and wake. */
void mutex_lock_slow(struct mutex *mutex);
void mutex_unlock_slow(struct mutex *mutex);

/* Whether the running task holds @mutex. */
bool mutex_held(const struct mutex *mutex);

/* Take the mutex; sleeps while another task has it. Not recursive. */
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

#define assert_held(mutex) KASSERT(mutex_held(mutex))
