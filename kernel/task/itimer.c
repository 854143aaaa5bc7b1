/*
 * Interval timers: alarm(2) and setitimer(2).
 *
 * ITIMER_REAL waits for a point in time; the tasks that have one are in a list,
 * the earliest first, which the tick looks at. ITIMER_VIRTUAL and ITIMER_PROF
 * count the CPU time of their own task down, a tick at a time.
 */
#include "itimer.h"

#include <uapi/signal.h>
#include <uapi/time.h>

#include "lock.h"
#include "task.h"
#include "timer.h"
#include "user_time.h"

static struct spinlock itimer_lock = SPINLOCK_INIT(RANK_TIMER);
static struct list_node real_timers = { &real_timers, &real_timers };

static struct task *first_locked(void)
{
	return list_first_entry(&real_timers, struct task, itimers.link);
}

/* Enter @task at the end of those that are due no later. */
static void insert_locked(struct task *task)
{
	struct list_node *before = real_timers.prev;

	while (before != &real_timers &&
	       list_entry(before, struct task, itimers.link)
			       ->itimers.real.value_ns >
		       task->itimers.real.value_ns)
		before = before->prev;
	list_insert_after(before, &task->itimers.link);
}

/* ---- the tick ---- */

/* The next time of @timer that is still to come; missed ones are missed. */
static void advance(struct itimer *timer, uint64_t now)
{
	uint64_t missed = (now - timer->value_ns) / timer->interval_ns;

	timer->value_ns += (missed + 1) * timer->interval_ns;
}

static void expire_locked(struct task *task, uint64_t now)
{
	struct itimer *timer = &task->itimers.real;

	list_remove(&task->itimers.link);
	if (timer->interval_ns) {
		advance(timer, now);
		insert_locked(task);
	} else {
		timer->value_ns = 0;
	}
	signal_send(task, SIGALRM);
}

static void expire_real(void)
{
	uint64_t now;

	spin_lock(&itimer_lock);
	now = ktime_ns();
	while (!list_empty(&real_timers) &&
	       first_locked()->itimers.real.value_ns <= now)
		expire_locked(first_locked(), now);
	spin_unlock(&itimer_lock);
}

/* Charge a tick to a timer that counts down; true: it has run out. */
static bool count_down(struct itimer *timer)
{
	if (!timer->value_ns)
		return false;
	if (timer->value_ns > NSEC_PER_TICK) {
		timer->value_ns -= NSEC_PER_TICK;
		return false;
	}
	timer->value_ns = timer->interval_ns;
	return true;
}

void itimer_tick(bool user_mode)
{
	struct task *leader = current->leader;

	if (!list_empty(&real_timers))
		expire_real();
	if (user_mode && count_down(&leader->itimers.virtual))
		signal_send(leader, SIGVTALRM);
	if (count_down(&leader->itimers.prof))
		signal_send(leader, SIGPROF);
}

/* ---- setting and asking; the timers are the running process's ---- */

static struct itimer *timer_of(int which)
{
	struct itimers *timers = &current->leader->itimers;

	if (which == ITIMER_REAL)
		return &timers->real;
	return which == ITIMER_VIRTUAL ? &timers->virtual : &timers->prof;
}

/* A timer that is due but has not been seen by the tick has something left. */
static struct itimer left_locked(int which)
{
	struct itimer left = *timer_of(which);
	uint64_t now = ktime_ns();

	if (which == ITIMER_REAL && left.value_ns)
		left.value_ns = left.value_ns > now ? left.value_ns - now : 1;
	return left;
}

struct itimer itimer_get(int which)
{
	unsigned long irq = spin_lock_irqsave(&itimer_lock);
	struct itimer left = left_locked(which);

	spin_unlock_irqrestore(&itimer_lock, irq);
	return left;
}

struct itimer itimer_set(int which, struct itimer timer)
{
	unsigned long irq = spin_lock_irqsave(&itimer_lock);
	struct itimer old = left_locked(which);

	if (which == ITIMER_REAL) {
		list_remove(&current->leader->itimers.link);
		if (timer.value_ns)
			timer.value_ns = add_saturating(ktime_ns(),
							timer.value_ns);
	}
	*timer_of(which) = timer;
	if (which == ITIMER_REAL && timer.value_ns)
		insert_locked(current->leader);
	spin_unlock_irqrestore(&itimer_lock, irq);
	return old;
}

void itimer_stop(struct task *leader)
{
	unsigned long irq = spin_lock_irqsave(&itimer_lock);

	list_remove(&leader->itimers.link);
	leader->itimers.real = (struct itimer){ 0 };
	leader->itimers.virtual = leader->itimers.prof = (struct itimer){ 0 };
	spin_unlock_irqrestore(&itimer_lock, irq);
}

void itimer_move(struct task *to, struct task *from)
{
	unsigned long irq = spin_lock_irqsave(&itimer_lock);

	to->itimers.real = from->itimers.real;
	to->itimers.virtual = from->itimers.virtual;
	to->itimers.prof = from->itimers.prof;
	if (to->itimers.real.value_ns)
		insert_locked(to);
	spin_unlock_irqrestore(&itimer_lock, irq);
	itimer_stop(from);
}
