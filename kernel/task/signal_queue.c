/*
 * Pending signals.
 *
 * A bit per signal says that it is pending; what its receiver will be told lies
 * in a queue of records, oldest first. Signals below SIGNAL_REALTIME are pending
 * once at most, real-time ones as often as they were sent:
 *
 *	sig_pending  ..1....1.....1   SIGUSR1, SIGCHLD, signal 34
 *	sig_queue    (34, value 1) (SIGCHLD, pid 7) (34, value 2)
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

/* A new record of @task, or NULL: no memory, or RLIMIT_SIGPENDING of them. */
static struct sig_record *record_alloc_locked(struct task *task)
{
	struct sig_record *record;

	if (task->nr_sig_queued >= task->rlimits[RLIMIT_SIGPENDING].rlim_cur)
		return NULL;
	record = kmalloc(sizeof(*record));
	if (record)
		task->nr_sig_queued++;
	return record;
}

static void record_free_locked(struct task *task, struct sig_record *record)
{
	list_remove(&record->link);
	task->nr_sig_queued--;
	kfree(record);
}

int signal_push_locked(struct task *task, int sig, const struct siginfo *info)
{
	bool realtime = sig >= SIGNAL_REALTIME;
	struct sig_record *record;

	if (!realtime && task->sig_pending & SIGNAL_BIT(sig))
		return 0;
	if (info && sig != SIGKILL) {
		record = record_alloc_locked(task);
		if (record) {
			record->info = *info;
			list_push_back(&task->sig_queue, &record->link);
		} else if (realtime && info->si_code != SI_USER) {
			return -EAGAIN; /* the value is what it is about */
		}
	}
	task->sig_pending |= SIGNAL_BIT(sig);
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
static struct sig_record *find_locked(struct task *task, int sig, bool *more)
{
	struct sig_record *record, *found = NULL;

	*more = false;
	list_for_each(record, &task->sig_queue, link) {
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
	bool more;
	struct sig_record *record = find_locked(task, sig, &more);

	if (pop_fault_locked(task, sig, info)) {
		more = record;
	} else if (record) {
		*info = record->info;
		record_free_locked(task, record);
	} else {
		*info = (struct siginfo){ .si_signo = sig,
					  .si_code = SI_KERNEL };
	}
	if (!more)
		task->sig_pending &= ~SIGNAL_BIT(sig);
}

void signal_drop_locked(struct task *task, uint64_t set)
{
	struct sig_record *record, *next;

	if (!(task->sig_pending & set))
		return;
	task->sig_pending &= ~set;
	list_for_each_safe(record, next, &task->sig_queue, link)
		if (SIGNAL_BIT(record->info.si_signo) & set)
			record_free_locked(task, record);
}

void signal_mark_locked(struct task *task)
{
	if (task->sig_pending & ~task->sig_blocked)
		__atomic_fetch_or(&task->work, TASK_SIGPENDING,
				  __ATOMIC_RELAXED);
}

void signal_update_work_locked(void)
{
	__atomic_fetch_and(&current->work, ~TASK_SIGPENDING, __ATOMIC_RELAXED);
	signal_mark_locked(current);
}
