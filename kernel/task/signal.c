/*
 * Signals: recording what they do, and sending.
 *
 * A sender may run anywhere, also in an interrupt; it only makes the signal
 * pending and wakes the task. What the signal does is done by the task itself,
 * in signal_deliver(), on its way to user mode, where it holds no locks.
 */
#include "signal.h"

#include <uapi/errno.h>
#include <uapi/wait.h>

#include "cred.h"
#include "string.h"
#include "task.h"

struct spinlock sig_lock = SPINLOCK_INIT(RANK_SIGNAL);

/* Some thread of @leader that still takes signals, or NULL. */
static struct task *any_thread(struct task *leader)
{
	struct task *thread;

	list_for_each(thread, &leader->threads, thread_link)
		if (thread->sighand)
			return thread;
	return NULL;
}

/* ---- dispositions ---- */

bool signal_is_ignored_locked(const struct task *task, int sig)
{
	void (*handler)(int) = sighand_action(task->sighand, sig)->handler;

	if (SIGNAL_BIT(sig) & UNBLOCKABLE)
		return false;
	return handler == SIG_IGN ||
	       (handler == SIG_DFL && SIGNAL_BIT(sig) & DEFAULT_IGNORED);
}

int signal_set_action(int sig, const struct kernel_sigaction *action,
		      struct kernel_sigaction *old)
{
	struct task *task = current;
	int err = action ? sighand_make_room(task, sig) : 0;
	struct kernel_sigaction *recorded;
	unsigned long irq;

	if (err)
		return err;
	irq = spin_lock_irqsave(&sig_lock);
	*old = *sighand_action(task->sighand, sig);
	if (action) {
		recorded = sighand_recorded(task->sighand, sig);
		*recorded = *action;
		recorded->mask &= ~UNBLOCKABLE;
		if (signal_is_ignored_locked(task, sig))
			signal_drop_all_locked(task->leader, SIGNAL_BIT(sig));
		signal_update_work_locked();
	}
	spin_unlock_irqrestore(&sig_lock, irq);
	return 0;
}

struct kernel_sigaction signal_action(struct task *task, int sig)
{
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	struct kernel_sigaction action = { 0 };

	task = any_thread(task->leader);
	if (task)
		action = *sighand_action(task->sighand, sig);
	spin_unlock_irqrestore(&sig_lock, irq);
	return action;
}

bool signal_is_handled(int sig)
{
	void (*handler)(int) = signal_action(current, sig).handler;

	return handler != SIG_DFL && handler != SIG_IGN;
}

/* ---- sending ---- */

/* Stop signals and SIGCONT undo each other; SIGKILL ends a stop as well. */
static void cancel_opposite_locked(struct task *leader, int sig)
{
	if (SIGNAL_BIT(sig) & STOP_SIGNALS)
		signal_drop_all_locked(leader, SIGNAL_BIT(SIGCONT));
	if (sig == SIGCONT) {
		signal_drop_all_locked(leader, STOP_SIGNALS);
		if (leader->stopped) {
			leader->continued = true;
			leader->stop_status = W_CONTINUED;
		}
	}
	if (sig == SIGCONT || sig == SIGKILL)
		leader->stopped = false;
}

/* Wake what sleeps in a stop that is over. */
static void end_stop_locked(struct task *leader)
{
	struct task *thread;

	list_for_each(thread, &leader->threads, thread_link)
		sched_wake_from(thread, TASK_STOPPED);
}

/* Whether @sig, once it is pending, would be taken by @thread. */
static bool wants(const struct task *thread, int sig)
{
	uint64_t bit = SIGNAL_BIT(sig);

	return thread->sighand &&
	       (!(thread->sig_blocked & bit) || thread->sig_waiting & bit);
}

/* A thread that will take @sig, the leader if it does; NULL: all block it. */
static struct task *choose_thread(struct task *leader, int sig)
{
	struct task *thread;

	list_for_each(thread, &leader->threads, thread_link)
		if (wants(thread, sig))
			return thread;
	return NULL;
}

static void alert_locked(struct task *thread)
{
	signal_mark_locked(thread);
	sched_wake_from(thread, TASK_SLEEPING);
}

void signal_kill_threads_locked(struct task *leader, const struct task *except)
{
	struct task *thread;

	leader->stopped = false;
	list_for_each(thread, &leader->threads, thread_link) {
		if (thread == except || !thread->sighand)
			continue;
		thread->pending.set |= SIGNAL_BIT(SIGKILL);
		signal_mark_locked(thread);
		sched_wake_from(thread, TASK_SLEEPING | TASK_STOPPED);
	}
}

void signal_retarget_locked(struct task *task, uint64_t set)
{
	struct task *thread;

	set &= task->leader->shared.set;
	if (!set)
		return;
	list_for_each(thread, &task->leader->threads, thread_link)
		if (thread != task && thread->sighand &&
		    set & (~thread->sig_blocked | thread->sig_waiting))
			alert_locked(thread);
}

/* The process of @task is sent @sig, or, with @alone, only that thread. */
static int send_locked(struct task *task, int sig, const struct siginfo *info,
		       bool alone)
{
	struct task *leader = task->leader, *target;
	int err;

	if (!task->sighand && !alone)
		task = any_thread(leader);
	if (!task || !task->sighand)
		return 0;
	cancel_opposite_locked(leader, sig);
	if (!leader->stopped)
		end_stop_locked(leader);
	if (sig == SIGKILL) {
		signal_kill_threads_locked(leader, NULL);
		return 0;
	}
	target = alone ? task : choose_thread(leader, sig);
	if (wants(task, sig) && !(task->sig_waiting & SIGNAL_BIT(sig)) &&
	    signal_is_ignored_locked(task, sig))
		return 0;
	err = signal_push_locked(leader, alone ? &task->pending
					       : &leader->shared, sig, info);
	if (target && wants(target, sig))
		alert_locked(target);
	return err;
}

static int send(struct task *task, int sig, const struct siginfo *info,
		bool alone)
{
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	int err = send_locked(task, sig, info, alone);

	spin_unlock_irqrestore(&sig_lock, irq);
	return err;
}

void signal_send(struct task *task, int sig)
{
	send(task, sig, NULL, false);
}

void signal_send_thread(struct task *task, int sig)
{
	send(task, sig, NULL, true);
}

int signal_send_info(struct task *task, const struct siginfo *info)
{
	return send(task, info->si_signo, info, false);
}

int signal_send_thread_info(struct task *task, const struct siginfo *info)
{
	return send(task, info->si_signo, info, true);
}

void signal_info_user(struct siginfo *info, int sig, int code)
{
	*info = (struct siginfo){ .si_signo = sig, .si_code = code };
	info->si_pid = current->tgid;
	info->si_uid = current->cred->user.real;
}

static void force(int sig, struct fault_info fault, bool fatal)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	struct kernel_sigaction *action = sighand_recorded(task->sighand, sig);

	/* To come back to a fault that nobody hears of would never end. */
	if (action && (fatal || task->sig_blocked & SIGNAL_BIT(sig) ||
		       action->handler == SIG_IGN))
		action->handler = SIG_DFL;
	task->sig_blocked &= ~SIGNAL_BIT(sig);
	task->fault = fault;
	task->pending.set |= SIGNAL_BIT(sig);
	signal_mark_locked(task);
	spin_unlock_irqrestore(&sig_lock, irq);
}

void force_signal(int sig, int code, vaddr_t addr)
{
	force(sig, (struct fault_info){ sig, code, addr }, false);
}

void force_fatal_signal(int sig)
{
	force(sig, (struct fault_info){ sig, SI_KERNEL, 0 }, true);
}

/* Whether kill(@pid), @pid not positive, means @task. */
static bool kill_matches(const struct task *task, pid_t pid)
{
	if (!task_is_leader(task))
		return false;
	if (pid == -1)
		return task->pid != PID_INIT && task != current->leader;
	return task->pgid == (pid ? -pid : current->leader->pgid);
}

/* SIGCONT may be sent to whatever runs in the same session. */
static bool is_allowed(const struct task *task, int sig)
{
	return may_signal(task) ||
	       (sig == SIGCONT && task->leader->sid == current->leader->sid);
}

static int kill_one_locked(pid_t pid, const struct siginfo *info)
{
	struct task *task = task_find_locked(pid);

	if (!task)
		return -ESRCH;
	if (!is_allowed(task, info->si_signo))
		return -EPERM;
	return info->si_signo ? signal_send_info(task, info) : 0;
}

static int kill_many_locked(pid_t pid, const struct siginfo *info)
{
	struct task *task;
	int err = -ESRCH;

	list_for_each(task, &all_tasks, all_link) {
		if (!kill_matches(task, pid))
			continue;
		if (!is_allowed(task, info->si_signo)) {
			err = err ? -EPERM : 0; /* one that may is enough */
			continue;
		}
		err = 0;
		if (info->si_signo)
			signal_send_info(task, info);
	}
	return err;
}

int signal_kill_info(pid_t pid, const struct siginfo *info)
{
	int err;

	if (info->si_signo < 0 || info->si_signo >= NSIG)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH; /* has no opposite */
	mutex_lock(&tasklist_lock);
	err = pid > 0 ? kill_one_locked(pid, info)
		      : kill_many_locked(pid, info);
	mutex_unlock(&tasklist_lock);
	return err;
}

int signal_kill_thread(pid_t tgid, pid_t tid, const struct siginfo *info)
{
	struct task *task;
	int err = 0;

	if (info->si_signo < 0 || info->si_signo >= NSIG)
		return -EINVAL;
	mutex_lock(&tasklist_lock);
	task = task_find_locked(tid);
	if (!task || (tgid && task->tgid != tgid))
		err = -ESRCH;
	else if (!is_allowed(task, info->si_signo))
		err = -EPERM;
	else if (info->si_signo)
		err = signal_send_thread_info(task, info);
	mutex_unlock(&tasklist_lock);
	return err;
}

int signal_kill(pid_t pid, int sig)
{
	struct siginfo info;

	signal_info_user(&info, sig, SI_USER);
	return signal_kill_info(pid, &info);
}
