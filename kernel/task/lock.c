/*
 * Wait queues and mutexes: sleeping until somebody else has done something.
 *
 * A wake-up is never lost because the sleeper enters the queue first and looks
 * at its condition second, while the waker makes the condition true first and
 * looks at the queue second:
 *
 *	sleeper                         waker
 *	enter queue, state = SLEEPING   condition = true
 *	condition? -> leave             walk queue: state = RUNNING
 *	schedule()
 *
 * Whatever the order, one of the two sees the other. The waker's half may come
 * between any two lines on the left: schedule() then finds a running task.
 */
#include "lock.h"

#include "arch.h"
#include "lock_order.h"
#include "panic.h"
#include "sched.h"
#include "task.h"

unsigned long spin_lock_irqsave(struct spinlock *lock)
{
	unsigned long irq_state = read_rflags();

	cli();
	spin_lock(lock);
	return irq_state;
}

void spin_unlock_irqrestore(struct spinlock *lock, unsigned long irq_state)
{
	spin_unlock(lock);
	if (irq_state & EFLAGS_IF)
		sti();
}

void wait_queue_init(struct wait_queue *queue)
{
	queue->lock = (struct spinlock)SPINLOCK_INIT(RANK_WAIT);
	list_init(&queue->waiters);
}

static void wait_enter(struct wait_queue *queue, struct waiter *waiter,
		       enum task_state state)
{
	unsigned long irq = spin_lock_irqsave(&queue->lock);

	waiter->task = current;
	list_push_back(&queue->waiters, &waiter->link);
	current->state = state;
	spin_unlock_irqrestore(&queue->lock, irq);
	/* The condition is read after this, never before. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void wait_prepare(struct wait_queue *queue, struct waiter *waiter)
{
	wait_enter(queue, waiter, TASK_SLEEPING);
}

void wait_prepare_blocked(struct wait_queue *queue, struct waiter *waiter)
{
	wait_enter(queue, waiter, TASK_BLOCKED);
}

void wait_finish(struct wait_queue *queue, struct waiter *waiter)
{
	unsigned long irq = spin_lock_irqsave(&queue->lock);

	current->state = TASK_RUNNING;
	list_remove(&waiter->link);
	spin_unlock_irqrestore(&queue->lock, irq);
}

void wake_up(struct wait_queue *queue)
{
	unsigned long irq;
	struct waiter *waiter;

	/* The condition is true before the queue is looked at. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (list_empty(&queue->waiters))
		return;
	irq = spin_lock_irqsave(&queue->lock);
	list_for_each(waiter, &queue->waiters, link)
		sched_wake(waiter->task);
	spin_unlock_irqrestore(&queue->lock, irq);
}

void mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	*mutex = (struct mutex)MUTEX_INIT(*mutex, rank);
}

bool mutex_held(const struct mutex *mutex)
{
	return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == current;
}

static bool mutex_try_lock(struct mutex *mutex)
{
	struct task *free = NULL;

	return __atomic_compare_exchange_n(&mutex->owner, &free, current, false,
					   __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

void mutex_lock(struct mutex *mutex)
{
	lock_order_mutex(mutex);
	if (unlikely(!mutex_try_lock(mutex)))
		mutex_lock_slow(mutex);
}

/*
 * A counted waiter tries once more before it sleeps. The owner leaves first and
 * looks at the count second, so it cannot miss a waiter that failed to get in.
 */
void mutex_lock_slow(struct mutex *mutex)
{
	struct waiter waiter = { .task = current };
	unsigned long irq;

	KASSERT(!mutex_held(mutex));
	irq = spin_lock_irqsave(&mutex->wait_lock);
	list_push_back(&mutex->waiters, &waiter.link);
	__atomic_fetch_add(&mutex->nr_waiters, 1, __ATOMIC_SEQ_CST);
	for (;;) {
		current->state = TASK_BLOCKED;
		if (mutex_try_lock(mutex))
			break;
		spin_unlock_irqrestore(&mutex->wait_lock, irq);
		schedule();
		irq = spin_lock_irqsave(&mutex->wait_lock);
	}
	current->state = TASK_RUNNING;
	list_remove(&waiter.link);
	__atomic_fetch_sub(&mutex->nr_waiters, 1, __ATOMIC_RELAXED);
	spin_unlock_irqrestore(&mutex->wait_lock, irq);
}

void mutex_unlock(struct mutex *mutex)
{
	lock_order_unmutex(mutex);
	__atomic_store_n(&mutex->owner, NULL, __ATOMIC_SEQ_CST);
	if (unlikely(__atomic_load_n(&mutex->nr_waiters, __ATOMIC_SEQ_CST)))
		mutex_unlock_slow(mutex);
}

/* The one who has waited longest gets the next chance. */
void mutex_unlock_slow(struct mutex *mutex)
{
	unsigned long irq = spin_lock_irqsave(&mutex->wait_lock);
	struct waiter *first;

	if (!list_empty(&mutex->waiters)) {
		first = list_first_entry(&mutex->waiters, struct waiter, link);
		sched_wake(first->task);
	}
	spin_unlock_irqrestore(&mutex->wait_lock, irq);
}
