/*
 * Locks.
 *
 * The order in which they are taken is that of enum lock_rank; a task that holds
 * one may take only those below it, and never two of the same rank. A debug build
 * (make DEBUG=1) checks that at each lock that is taken: see lock_order.c.
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

enum lock_rank {
	/* mutexes */
	RANK_IO = 1,   /* inode->io_lock: one writer of a file at a time */
		       /* pipe->lock: a pipe's buffer */
		       /* swap_on_lock: one swapon or swapoff at a time */
	RANK_TASKLIST, /* tasklist_lock: the tree of tasks, exit and wait */
	RANK_MM,       /* mm->lock: VMAs and tables of one address space */
	RANK_SHM,      /* shm_lock: the table of System V segments */
	RANK_VOLUME,   /* iso9660's volume.lock: its inodes */
	RANK_INODE,    /* inode->lock: size and frames of a file */
	RANK_BLOCK,    /* block->lock: one request of a disk at a time */
	RANK_CHANNEL,  /* channel->lock: both drives of an IDE channel */
	/* spinlocks */
	RANK_TIMER,    /* itimer_lock, futex_lock */
	RANK_SIGNAL,   /* sig_lock: pending signals, dispositions, threads */
	RANK_WAIT,     /* wait_queue.lock, mutex.wait_lock: who sleeps */
	RANK_RUN,      /* run_queue.lock: who may run */
	RANK_TABLE,    /* files->lock: a table of file descriptors */
		       /* dentry_lock: names and directories */
		       /* clock_lock, ring_lock: frames of files, for reclaim */
		       /* swap_lock: slots of swap areas, the swap cache */
		       /* mm_list_lock: the list of address spaces */
		       /* kstack_lock, pid_lock, random.c's pool: small maps */
	RANK_HEAP,     /* malloc's locks: the kernel heap, what it keeps */
	RANK_FRAME,    /* frame_lock: the buddy lists */
	RANK_TTY,      /* tty.lock: settings and the line being typed */
	RANK_CONSOLE,  /* output devices, typed bytes, the log ring */
};

struct spinlock {
	uint16_t held; /* atomic: 0 or 1 */
	uint16_t rank; /* constant: enum lock_rank */
};

#define SPINLOCK_INIT(rank) { 0, (rank) }

/*
 * Is it this one's turn? Nothing in a normal build. A lock whose rank is not
 * greater than those of all that are held is a panic.
 */
#ifdef DEBUG
void lock_order_spin(const struct spinlock *lock);
void lock_order_unspin(const struct spinlock *lock);
#else
static inline void lock_order_spin(const struct spinlock *lock)
{
	(void)lock;
}

static inline void lock_order_unspin(const struct spinlock *lock)
{
	(void)lock;
}
#endif

/* Spin until the lock is free. Interrupts stay as they are. */
static inline void spin_lock(struct spinlock *lock)
{
	lock_order_spin(lock);
	while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			__builtin_ia32_pause();
}

static inline void spin_unlock(struct spinlock *lock)
{
	lock_order_unspin(lock);
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

/* As above with interrupts off in between; the old state comes back at the end. */
unsigned long spin_lock_irqsave(struct spinlock *lock);
void spin_unlock_irqrestore(struct spinlock *lock, unsigned long irq_state);

struct mutex {
	struct task *owner;          /* atomic; NULL: free */
	uint16_t nr_waiters;         /* atomic; written under wait_lock */
	uint16_t rank;               /* constant: enum lock_rank */
	struct spinlock wait_lock;
	struct list_node waiters;    /* wait_lock */
};

#define MUTEX_INIT(m, rank) \
	{ NULL, 0, (rank), SPINLOCK_INIT(RANK_WAIT), \
	  { &(m).waiters, &(m).waiters } }

void mutex_init(struct mutex *mutex, enum lock_rank rank);

/* The parts of mutex_lock() and mutex_unlock() that sleep and wake. */
void mutex_lock_slow(struct mutex *mutex);
void mutex_unlock_slow(struct mutex *mutex);

/* Whether the running task holds @mutex. */
bool mutex_held(const struct mutex *mutex);

/* Take the mutex; sleeps while another task has it. Not recursive. */
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

#define assert_held(mutex) KASSERT(mutex_held(mutex))
