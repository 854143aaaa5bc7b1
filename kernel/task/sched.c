/*
 * The scheduler: a queue of tasks that may run, and a list of those that sleep
 * until a time.
 *
 * run_queue.lock is held across the switch itself: the task that gives the CPU
 * away locks, the one that gets it unlocks, with its own saved interrupt flag.
 * So nobody sees a task in the queue whose registers are not saved yet.
 */
#include "sched.h"

#include "arch.h"
#include "arch_task.h"
#include "lock_order.h"
#include "mm.h"
#include "panic.h"
#include "task.h"
#include "timer.h"

static struct {
	struct spinlock lock;
	struct list_node ready;    /* lock: run_link, next to run first */
	struct list_node sleepers; /* lock: sleep_link, earliest wake_ns first */
	size_t nr_ready;           /* lock */
} run_queue = {
	SPINLOCK_INIT(RANK_RUN),
	{ &run_queue.ready, &run_queue.ready },
	{ &run_queue.sleepers, &run_queue.sleepers },
	0,
};

/* Runs when nobody else can; never in the queue. */
static struct task *idle_task;

void sched_init(void)
{
	idle_task = current;
	idle_task->state = TASK_RUNNING;
	idle_task->on_cpu = true;
}

size_t sched_nr_ready(void)
{
	return run_queue.nr_ready;
}

static void set_need_resched(struct task *task)
{
	__atomic_fetch_or(&task->work, TASK_NEED_RESCHED, __ATOMIC_RELAXED);
}

static void ready_push_locked(struct task *task)
{
	list_push_back(&run_queue.ready, &task->run_link);
	run_queue.nr_ready++;
}

static struct task *ready_pop_locked(void)
{
	struct task *task;

	if (list_empty(&run_queue.ready))
		return idle_task;
	task = list_first_entry(&run_queue.ready, struct task, run_link);
	list_remove(&task->run_link);
	run_queue.nr_ready--;
	return task;
}

/*
 * A task that is on its CPU has just not reached schedule() yet, which will see
 * the new state; only one whose registers are saved goes into the queue.
 */
static void wake_locked(struct task *task)
{
	task->state = TASK_RUNNING;
	if (!task->on_cpu)
		ready_push_locked(task);
}

void sched_wake_from(struct task *task, unsigned int states)
{
	unsigned long irq = spin_lock_irqsave(&run_queue.lock);

	if (task->state & states)
		wake_locked(task);
	spin_unlock_irqrestore(&run_queue.lock, irq);
}

void sched_wake(struct task *task)
{
	sched_wake_from(task, TASK_NEW | TASK_SLEEPING | TASK_BLOCKED);
}

/*
 * The second half of every switch, on the stack of the task that runs now. A
 * task that ended could not free the stack it stood on: its successor does.
 */
static void finish_switch(struct task *prev, unsigned long irq_state)
{
	bool ended = prev->state == TASK_ZOMBIE;

	prev->on_cpu = false;
	spin_unlock_irqrestore(&run_queue.lock, irq_state);
	if (ended) {
		kstack_free(prev->kstack_top);
		task_put(prev);
	}
}

void sched_started(struct task *prev)
{
	finish_switch(prev, 0); /* interrupts stay off */
}

static void count_switch_locked(struct task *prev)
{
	if (prev->state == TASK_RUNNING)
		prev->nivcsw++;
	else
		prev->nvcsw++;
}

/* From twice the usual for nice -20 down to a tick for nice 19. */
static unsigned int slice_of(const struct task *task)
{
	if (likely(!task->nice))
		return SLICE_TICKS;
	return 1 + (SLICE_TICKS * (unsigned int)(19 - task->nice)) / 20;
}

void schedule(void)
{
	struct task *prev = current, *next;
	unsigned long irq;

	lock_order_sleep();
	irq = spin_lock_irqsave(&run_queue.lock);
	__atomic_fetch_and(&prev->work, ~TASK_NEED_RESCHED, __ATOMIC_RELAXED);
	if (prev->state == TASK_RUNNING && prev != idle_task)
		ready_push_locked(prev);
	next = ready_pop_locked();
	next->slice = slice_of(next);
	if (next == prev) {
		spin_unlock_irqrestore(&run_queue.lock, irq);
		return;
	}
	count_switch_locked(prev);
	next->on_cpu = true;
	mm_switch(next->mm);
	finish_switch(arch_switch(prev, next), irq);
}

/* ---- time ---- */

static void wake_sleepers_locked(void)
{
	uint64_t now;

	if (list_empty(&run_queue.sleepers))
		return;
	now = ktime_ns();
	while (!list_empty(&run_queue.sleepers)) {
		struct task *task = list_first_entry(&run_queue.sleepers,
						     struct task, sleep_link);
		if (task->wake_ns > now)
			return;
		list_remove(&task->sleep_link);
		if (task->state == TASK_SLEEPING)
			wake_locked(task);
	}
}

static void charge_tick(struct task *task, bool user_mode)
{
	if (user_mode)
		task->utime_ns += NSEC_PER_TICK;
	else
		task->stime_ns += NSEC_PER_TICK;
}

void sched_tick(bool user_mode)
{
	struct task *task = current;

	spin_lock(&run_queue.lock);
	charge_tick(task, user_mode);
	wake_sleepers_locked();
	if (task->slice)
		task->slice--;
	if (!task->slice && !list_empty(&run_queue.ready))
		set_need_resched(task);
	spin_unlock(&run_queue.lock);
	itimer_tick(user_mode);
}

static void sleepers_insert_locked(struct task *task)
{
	struct list_node *before = run_queue.sleepers.prev;

	while (before != &run_queue.sleepers &&
	       list_entry(before, struct task, sleep_link)->wake_ns >
		       task->wake_ns)
		before = before->prev;
	list_insert_after(before, &task->sleep_link);
}

void sched_timer_start(uint64_t deadline_ns)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&run_queue.lock);

	task->wake_ns = deadline_ns;
	sleepers_insert_locked(task);
	spin_unlock_irqrestore(&run_queue.lock, irq);
}

void sched_timer_stop(void)
{
	unsigned long irq = spin_lock_irqsave(&run_queue.lock);

	list_remove(&current->sleep_link);
	spin_unlock_irqrestore(&run_queue.lock, irq);
}

int sched_sleep_until(uint64_t deadline_ns)
{
	bool interrupted = false;

	while (ktime_ns() < deadline_ns && !interrupted) {
		current->state = TASK_SLEEPING;
		sched_timer_start(deadline_ns);
		interrupted = signal_pending();
		if (!interrupted)
			schedule();
		current->state = TASK_RUNNING;
		sched_timer_stop();
	}
	return interrupted ? -EINTR : 0;
}

void sched_idle(void)
{
	for (;;) {
		cli();
		if (list_empty(&run_queue.ready)) {
			arch_wait_for_interrupt();
		} else {
			schedule();
			sti();
		}
	}
}
