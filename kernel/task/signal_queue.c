/*
 * Pending signals.
 *
 * A bit per signal says that it is pending; what its receiver will be told lies
 * in a queue of records, oldest first. Signals below SIGNAL_REALTIME are pending
 * once at most, real-time ones as often as they were sent:
 *
 *	set    ..1....1.....1   SIGUSR1, SIGCHLD, signal 34
 *	queue  (34, value 1) (SIGCHLD, pid 7) (34, value 2)
 *
 * Each thread has one of these, for what was sent to it alone, and the process
 * another, for what any of its threads may take.
 *
 * A bit without a record is a signal of the kernel's own, sent where no memory
 * can be had (from an interrupt) or where there was none.
 */
#include <uapi/errno.h>

#include "kmalloc.h"
#include "signal.h"
#include "task.h"

struct sig_record {
	struct list_node link;
	struct siginfo info;
};

/* A new record, or NULL: no memory, or RLIMIT_SIGPENDING of them. */
static struct sig_record *record_alloc_locked(struct task *leader)
{
	struct sig_record *record;

	if (leader->nr_sig_queued >=
	    leader->limits->limit[RLIMIT_SIGPENDING].rlim_cur)
		return NULL;
	record = kmalloc(sizeof(*record));
	if (record)
		leader->nr_sig_queued++;
	return record;
}

static void record_free_locked(struct task *leader, struct sig_record *record)
{
	list_remove(&record->link);
	leader->nr_sig_queued--;
	kfree(record);
}

int signal_push_locked(struct task *leader, struct sig_pending *pending,
		       int sig, const struct siginfo *info)
{
	bool realtime = sig >= SIGNAL_REALTIME;
	struct sig_record *record;

	if (!realtime && pending->set & SIGNAL_BIT(sig))
		return 0;
	if (info && sig != SIGKILL) {
		record = record_alloc_locked(leader);
		if (record) {
			record->info = *info;
			list_push_back(&pending->queue, &record->link);
		} else if (realtime && info->si_code != SI_USER) {
			return -EAGAIN; /* the value is what it is about */
		}
	}
	pending->set |= SIGNAL_BIT(sig);
	return 0;
}

/* A fault's signal has its place in the task, so that it cannot fail. */
static bool pop_fault_locked(struct task *task, int sig, struct siginfo *info)
{
	struct fault_info *fault = &task->fault;

	if (fault->sig != sig)
		return false;
	*info = (struct siginfo){ .si_signo = sig, .si_code = fault->code };
	info->si_addr = (void *)fault->addr;
	fault->sig = 0;
	return true;
}

/* The oldest record of @sig; *@more: there is another. NULL: none. */
static struct sig_record *find_locked(struct sig_pending *pending, int sig,
				      bool *more)
{
	struct sig_record *record, *found = NULL;

	*more = false;
	list_for_each(record, &pending->queue, link) {
		if (record->info.si_signo != sig)
			continue;
		if (found) {
			*more = true;
			break;
		}
		found = record;
	}
	return found;
}

void signal_pop_locked(struct task *task, int sig, struct siginfo *info)
{
	bool more, own = task->pending.set & SIGNAL_BIT(sig);
	struct sig_pending *pending = own ? &task->pending
					  : &task->leader->shared;
	struct sig_record *record = find_locked(pending, sig, &more);

	if (own && pop_fault_locked(task, sig, info)) {
		more = record;
	} else if (record) {
		*info = record->info;
		record_free_locked(task->leader, record);
	} else {
		*info = (struct siginfo){ .si_signo = sig,
					  .si_code = SI_KERNEL };
	}
	if (!more)
		pending->set &= ~SIGNAL_BIT(sig);
}

void signal_drop_locked(struct task *leader, struct sig_pending *pending,
			uint64_t set)
{
	struct sig_record *record, *next;

	if (!(pending->set & set))
		return;
	pending->set &= ~set;
	list_for_each_safe(record, next, &pending->queue, link)
		if (SIGNAL_BIT(record->info.si_signo) & set)
			record_free_locked(leader, record);
}

void signal_drop_all_locked(struct task *leader, uint64_t set)
{
	struct task *thread;

	signal_drop_locked(leader, &leader->shared, set);
	list_for_each(thread, &leader->threads, thread_link)
		signal_drop_locked(leader, &thread->pending, set);
}

uint64_t signal_pending_set(const struct task *task)
{
	return task->pending.set | task->leader->shared.set;
}

/* A process that is stopped wants its threads to notice, like a signal. */
void signal_mark_locked(struct task *task)
{
	if (signal_pending_set(task) & ~task->sig_blocked ||
	    task->leader->stopped)
		__atomic_fetch_or(&task->work, TASK_SIGPENDING,
				  __ATOMIC_RELAXED);
}

void signal_update_work_locked(void)
{
	__atomic_fetch_and(&current->work, ~TASK_SIGPENDING, __ATOMIC_RELAXED);
	signal_mark_locked(current);
}
