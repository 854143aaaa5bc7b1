/*
 * The threads of a process: how one joins, how they end together, and how one of
 * them remains for exec.
 *
 * The leader, the thread that fork made, is the process to everybody else. It may
 * end before the others; then it stays as a zombie that nobody can wait for yet.
 * Other threads leave nothing behind.
 *
 *	exit(2)        this thread         |  process ends when the last one has
 *	exit_group(2)  all, by SIGKILL     |  signals that kill do the same
 *	execve(2)      all but this one, which then is the leader
 */
#include <uapi/errno.h>

#include "itimer.h"
#include "panic.h"
#include "string.h"
#include "task.h"

/* A group that is to end, or to become one, takes its newest member along. */
void thread_group_enter_locked(struct task *thread)
{
	struct task *leader = thread->leader;
	unsigned long irq;

	assert_held(&tasklist_lock);
	leader->nr_running++;
	irq = spin_lock_irqsave(&sig_lock);
	list_push_back(&leader->threads, &thread->thread_link);
	if (leader->exiting || leader->execing)
		thread->pending.set |= SIGNAL_BIT(SIGKILL);
	signal_mark_locked(thread);
	spin_unlock_irqrestore(&sig_lock, irq);
}

/* ---- the end of one, and of all ---- */

void thread_group_exit(int status)
{
	struct task *leader = current->leader;
	unsigned long irq = spin_lock_irqsave(&sig_lock);

	/* Who dies for another's exec does not decide about the process. */
	if (!leader->exiting &&
	    (!leader->execing || leader->execing == current)) {
		leader->exiting = true;
		leader->exit_status = status;
		signal_kill_threads_locked(leader, current);
	}
	spin_unlock_irqrestore(&sig_lock, irq);
}

/* What a thread has used is its process's; nothing else remains of it. */
static void forget_thread_locked(struct task *thread)
{
	struct task *leader = thread->leader;
	struct task_usage used = usage_of_thread(thread);
	unsigned long irq;

	usage_add(&leader->ended, &used);
	if (thread->max_rss_pages > leader->max_rss_pages)
		leader->max_rss_pages = thread->max_rss_pages;
	irq = spin_lock_irqsave(&sig_lock);
	list_remove(&thread->thread_link);
	thread->leader = thread; /* the other one may be freed before us */
	spin_unlock_irqrestore(&sig_lock, irq);
	task_unpublish_locked(thread);
	task_put(thread);
}

bool thread_group_leave_locked(void)
{
	struct task *task = current, *leader = task->leader;

	assert_held(&tasklist_lock);
	leader->nr_running--;
	task->state = TASK_ZOMBIE;
	if (task != leader)
		forget_thread_locked(task);
	if (leader->execing && leader->nr_running == 1)
		sched_wake(leader->execing);
	task_check_stop_locked(leader);
	return leader->nr_running == 0;
}

/* ---- exec ---- */

/* Whether the caller may become the only thread; the others are killed then. */
static bool claim(struct task *leader)
{
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	bool mine = !leader->exiting && !leader->execing;

	if (mine) {
		leader->execing = current;
		signal_kill_threads_locked(leader, current);
	}
	spin_unlock_irqrestore(&sig_lock, irq);
	return mine;
}

/* False: the caller was killed itself. */
static bool wait_for_others(const struct task *leader)
{
	for (;;) {
		current->state = TASK_SLEEPING;
		if (__atomic_load_n(&leader->nr_running, __ATOMIC_ACQUIRE) == 1)
			break;
		if (signal_fatal_pending())
			break;
		schedule();
	}
	current->state = TASK_RUNNING;
	return leader->nr_running == 1;
}

/* Family: the children get another parent, the parent another child. */
static void take_family_locked(struct task *task, struct task *old)
{
	struct task *child, *next;

	list_for_each_safe(child, next, &old->children, sibling) {
		list_remove(&child->sibling);
		list_push_back(&task->children, &child->sibling);
		child->parent = task;
	}
	task->parent = old->parent;
	list_insert_after(&old->sibling, &task->sibling);
	task->exit_signal = old->exit_signal;
	task->pgid = old->pgid;
	task->sid = old->sid;
}

static void take_signals_locked(struct task *task, struct task *old)
{
	struct sig_pending *from = &old->shared, *to = &task->shared;
	unsigned long irq = spin_lock_irqsave(&sig_lock);

	while (!list_empty(&from->queue)) {
		struct list_node *record = from->queue.next;

		list_remove(record);
		list_push_back(&to->queue, record);
	}
	to->set = from->set;
	from->set = 0;
	task->nr_sig_queued = old->nr_sig_queued;
	list_remove(&task->thread_link);
	list_push_back(&task->threads, &task->thread_link);
	task->leader = task;
	spin_unlock_irqrestore(&sig_lock, irq);
}

static void take_accounts_locked(struct task *task, struct task *old)
{
	struct task_usage used = usage_of_thread(old);

	task->ended = old->ended;
	usage_add(&task->ended, &used);
	task->reaped = old->reaped;
	task->child_max_rss_pages = old->child_max_rss_pages;
	task->start_ns = old->start_ns;
	task->oom_score_adj = old->oom_score_adj;
	limits_put(task->limits);
	task->limits = limits_get(old->limits);
}

/*
 * The caller, alone but for its leader, a zombie, takes its place: whoever knows
 * the process by its pid finds the caller from now on.
 */
static void replace_leader(void)
{
	struct task *task = current, *old = task->leader;

	mutex_lock(&tasklist_lock);
	KASSERT(old->state == TASK_ZOMBIE && old->nr_running == 1);
	task_swap_pids_locked(task, old);
	take_family_locked(task, old);
	take_accounts_locked(task, old);
	itimer_move(task, old);
	take_signals_locked(task, old);
	task_unpublish_locked(old);
	mutex_unlock(&tasklist_lock);
	task_put(old);
}

int thread_group_become_single(void)
{
	struct task *leader = current->leader;

	if (leader->nr_running == 1 && current == leader)
		return 0;
	if (!claim(leader))
		return -EAGAIN;
	if (!wait_for_others(leader)) {
		leader->execing = NULL;
		return -EAGAIN;
	}
	leader->execing = NULL;
	if (current != leader)
		replace_leader();
	return 0;
}
