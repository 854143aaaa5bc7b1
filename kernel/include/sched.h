/*
 * The scheduler: who runs, who waits for what.
 *
 * Round robin with a time slice of SLICE_TICKS. A task in the kernel runs until
 * it sleeps or returns to user mode; only user code is preempted by the timer.
 */
#pragma once

#include <uapi/errno.h>

#include "list.h"
#include "lock.h"
#include "signal.h"
#include "timer.h"
#include "types.h"

struct task;

#define SLICE_TICKS 10 /* timer.h: a tick is a millisecond */

/* Tasks that wait for an event; zero-initialised memory is not enough. */
struct wait_queue {
	struct spinlock lock;
	struct list_node waiters; /* lock: struct waiter */
};

struct waiter {
	struct list_node link;
	struct task *task;
};

#define WAIT_QUEUE_INIT(q) \
	{ SPINLOCK_INIT(RANK_WAIT), { &(q).waiters, &(q).waiters } }

void wait_queue_init(struct wait_queue *queue);

/*
 * The parts of wait_event(): stand in the queue as sleeping; leave it. Between
 * them the condition is tested again, so that a wake-up is never lost.
 */
void wait_prepare(struct wait_queue *queue, struct waiter *waiter);
void wait_prepare_blocked(struct wait_queue *queue, struct waiter *waiter);
void wait_finish(struct wait_queue *queue, struct waiter *waiter);

/* Wake every task that waits in @queue. From interrupts too. */
void wake_up(struct wait_queue *queue);

/*
 * Sleep until @condition holds. 0, or -ERESTARTSYS when a signal came first.
 * The condition is evaluated with no lock held and may be any expression.
 */
#define wait_event(queue, condition)                        \
	({                                                  \
		int wait_err_ = 0;                          \
		while (!(condition)) {                      \
			struct waiter waiter_;              \
			wait_prepare((queue), &waiter_);    \
			if (condition) {                    \
				wait_finish((queue), &waiter_); \
				break;                      \
			}                                   \
			if (signal_pending()) {             \
				wait_finish((queue), &waiter_); \
				wait_err_ = -ERESTARTSYS;   \
				break;                      \
			}                                   \
			schedule();                         \
			wait_finish((queue), &waiter_);     \
		}                                           \
		wait_err_;                                  \
	})

/* As wait_event(), but nothing can end the wait except @condition. */
#define wait_event_blocked(queue, condition)                     \
	do {                                                     \
		while (!(condition)) {                           \
			struct waiter waiter_;                   \
			wait_prepare_blocked((queue), &waiter_); \
			if (!(condition))                        \
				schedule();                      \
			wait_finish((queue), &waiter_);          \
		}                                                \
	} while (0)

/*
 * As wait_event_blocked(), but no longer than until the monotonic clock reaches
 * @deadline_ns: whoever waits looks at the condition again. For devices, which
 * may never answer. A signal wakes the task too, and it sleeps on.
 */
#define wait_event_until(queue, condition, deadline_ns)              \
	do {                                                         \
		while (!(condition) && ktime_ns() < (deadline_ns)) { \
			struct waiter waiter_;                       \
			wait_prepare((queue), &waiter_);             \
			sched_timer_start(deadline_ns);              \
			if (!(condition))                            \
				schedule();                          \
			sched_timer_stop();                          \
			wait_finish((queue), &waiter_);              \
		}                                                    \
	} while (0)

/* Set up the run queue and make the boot thread the idle task. */
void sched_init(void);

/*
 * Let another task run; returns when this one is chosen again, which is not
 * before a wake-up if its state is a sleeping one. No spinlock is held.
 */
void schedule(void);

/* Start a new task, or wake one that waits for an event. From interrupts too. */
void sched_wake(struct task *task);

/* Wake a task if it is in one of @states (enum task_state). */
void sched_wake_from(struct task *task, unsigned int states);

/* Timer interrupt: charge the running task, wake sleepers, end time slices. */
void sched_tick(bool user_mode);

/* Sleep until the monotonic clock reaches @deadline_ns. 0 or -EINTR. */
int sched_sleep_until(uint64_t deadline_ns);

/*
 * Have the running task woken at @deadline_ns. It enters its wait queues
 * before, tests its condition and calls schedule() after; whatever woke it, it
 * calls sched_timer_stop().
 */
void sched_timer_start(uint64_t deadline_ns);
void sched_timer_stop(void);

/* Tasks on the run queue, the running one not counted. */
size_t sched_nr_ready(void);

/* The boot thread, once everything is started: halt until there is work. */
_Noreturn void sched_idle(void);
