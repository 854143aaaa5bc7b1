/*
 * Signals: pending sets, dispositions, default actions.
 *
 * A sender may run anywhere, also in an interrupt; it only sets a bit and wakes
 * the task. What the signal does is done by the task itself, in
 * signal_deliver(), on its way to user mode, where it holds no locks.
 */
#include "signal.h"

#include <uapi/errno.h>
#include <uapi/wait.h>

#include "kmalloc.h"
#include "string.h"
#include "task.h"
#include "trap.h"

#define STOP_SIGNALS                                              \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) |              \
	 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
#define DEFAULT_IGNORED                                           \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) |              \
	 SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH))
#define UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

/* ---- dispositions ---- */

struct sighand *sighand_create(void)
{
	struct sighand *sighand = kzalloc(sizeof(*sighand));

	_Static_assert(SIG_DFL == NULL, "zeros are default dispositions");
	if (sighand)
		sighand->refs = 1;
	return sighand;
}

struct sighand *sighand_copy(const struct sighand *sighand)
{
	struct sighand *copy = kmalloc(sizeof(*copy));

	if (!copy)
		return NULL;
	memcpy(copy, sighand, sizeof(*copy));
	copy->refs = 1;
	return copy;
}

void sighand_put(struct sighand *sighand)
{
	if (__atomic_sub_fetch(&sighand->refs, 1, __ATOMIC_ACQ_REL) == 0)
		kfree(sighand);
}

void sighand_reset(struct sighand *sighand)
{
	for (int sig = 1; sig < NSIG; sig++) {
		struct kernel_sigaction *action = &sighand->action[sig];
		bool ignored = action->handler == SIG_IGN;

		*action = (struct kernel_sigaction){ 0 };
		if (ignored)
			action->handler = SIG_IGN;
	}
}

/*
 * Whether @sig does nothing to @task. A recorded handler counts as the default
 * action, which stands in for it. Under sig_lock.
 */
static bool is_ignored_locked(const struct task *task, int sig)
{
	void (*handler)(int) = task->sighand->action[sig].handler;

	if (SIGNAL_BIT(sig) & UNBLOCKABLE)
		return false;
	return handler == SIG_IGN || SIGNAL_BIT(sig) & DEFAULT_IGNORED;
}

/* ---- sending ---- */

/* Make task->work agree with the sets. */
static void update_work_locked(struct task *task)
{
	if (task->sig_pending & ~task->sig_blocked)
		__atomic_fetch_or(&task->work, TASK_SIGPENDING,
				  __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&task->work, ~TASK_SIGPENDING,
				   __ATOMIC_RELAXED);
}

/* Stop signals and SIGCONT undo each other; SIGKILL ends a stop as well. */
static void cancel_opposite_locked(struct task *task, int sig)
{
	if (SIGNAL_BIT(sig) & STOP_SIGNALS)
		task->sig_pending &= ~SIGNAL_BIT(SIGCONT);
	if (sig == SIGCONT)
		task->sig_pending &= ~STOP_SIGNALS;
	if (sig == SIGCONT || sig == SIGKILL)
		task->stopped = false;
}

void signal_send(struct task *task, int sig)
{
	unsigned long irq = spin_lock_irqsave(&task->sig_lock);
	unsigned int wake = 0;

	if (task->sighand) {
		bool blocked = task->sig_blocked & SIGNAL_BIT(sig);

		cancel_opposite_locked(task, sig);
		if (!task->stopped)
			wake |= TASK_STOPPED;
		if (blocked || !is_ignored_locked(task, sig)) {
			task->sig_pending |= SIGNAL_BIT(sig);
			update_work_locked(task);
			if (!blocked)
				wake |= TASK_SLEEPING;
		}
	}
	if (wake)
		sched_wake_from(task, wake);
	spin_unlock_irqrestore(&task->sig_lock, irq);
}

void force_signal(int sig, int code, vaddr_t addr)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&task->sig_lock);

	task->fault_code = code;
	task->fault_addr = addr;
	task->sighand->action[sig].handler = SIG_DFL;
	task->sig_blocked &= ~SIGNAL_BIT(sig);
	task->sig_pending |= SIGNAL_BIT(sig);
	update_work_locked(task);
	spin_unlock_irqrestore(&task->sig_lock, irq);
}

/* Whether kill(@pid), @pid not positive, means @task. */
static bool kill_matches(const struct task *task, pid_t pid)
{
	if (pid == -1)
		return task->pid != PID_INIT && task != current;
	return task->pgid == (pid ? -pid : current->pgid);
}

/* @sig is 0 when the caller only asks. */
static int kill_one_locked(pid_t pid, int sig)
{
	struct task *task = task_find_locked(pid);

	if (!task)
		return -ESRCH;
	if (sig)
		signal_send(task, sig);
	return 0;
}

static int kill_many_locked(pid_t pid, int sig)
{
	struct task *task;
	int err = -ESRCH;

	list_for_each(task, &all_tasks, all_link) {
		if (!kill_matches(task, pid))
			continue;
		err = 0;
		if (sig)
			signal_send(task, sig);
	}
	return err;
}

int signal_kill(pid_t pid, int sig)
{
	int err;

	if (sig < 0 || sig >= NSIG)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH; /* has no opposite */
	mutex_lock(&tasklist_lock);
	err = pid > 0 ? kill_one_locked(pid, sig) : kill_many_locked(pid, sig);
	mutex_unlock(&tasklist_lock);
	return err;
}

/* ---- receiving ---- */

bool signal_pending(void)
{
	return __atomic_load_n(&current->work, __ATOMIC_RELAXED) &
	       TASK_SIGPENDING;
}

bool signal_fatal_pending(void)
{
	struct task *task = current;
	unsigned long irq;
	bool fatal = false;

	if (!signal_pending())
		return false;
	irq = spin_lock_irqsave(&task->sig_lock);
	for (int sig = 1; sig < NSIG; sig++)
		if (task->sig_pending & ~task->sig_blocked & ~STOP_SIGNALS &
		    SIGNAL_BIT(sig))
			fatal |= !is_ignored_locked(task, sig);
	spin_unlock_irqrestore(&task->sig_lock, irq);
	return fatal;
}

void signal_set_action(int sig, const struct kernel_sigaction *action,
		       struct kernel_sigaction *old)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&task->sig_lock);
	struct kernel_sigaction *recorded = &task->sighand->action[sig];

	*old = *recorded;
	if (action) {
		*recorded = *action;
		recorded->mask &= ~UNBLOCKABLE;
		if (is_ignored_locked(task, sig))
			task->sig_pending &= ~SIGNAL_BIT(sig);
		update_work_locked(task);
	}
	spin_unlock_irqrestore(&task->sig_lock, irq);
}

struct kernel_sigaction signal_action(struct task *task, int sig)
{
	unsigned long irq = spin_lock_irqsave(&task->sig_lock);
	struct kernel_sigaction action = { 0 };

	if (task->sighand)
		action = task->sighand->action[sig];
	spin_unlock_irqrestore(&task->sig_lock, irq);
	return action;
}

void signal_set_blocked(uint64_t blocked)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&task->sig_lock);

	task->sig_blocked = blocked & ~UNBLOCKABLE;
	update_work_locked(task);
	spin_unlock_irqrestore(&task->sig_lock, irq);
}

/* Take the next signal that does something off the set; 0: there is none. */
static int take_signal(void)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&task->sig_lock);
	uint64_t ready;
	int sig = 0;

	while (!sig && (ready = task->sig_pending & ~task->sig_blocked)) {
		/* SIGKILL first: nothing may delay it. */
		sig = ready & SIGNAL_BIT(SIGKILL) ? SIGKILL
						  : __builtin_ctzl(ready) + 1;
		task->sig_pending &= ~SIGNAL_BIT(sig);
		if (is_ignored_locked(task, sig))
			sig = 0;
	}
	if (sig && SIGNAL_BIT(sig) & STOP_SIGNALS)
		task->stopped = true;
	update_work_locked(task);
	spin_unlock_irqrestore(&task->sig_lock, irq);
	return sig;
}

/* Sleep until SIGCONT or SIGKILL has reset task->stopped. */
static void stop(int sig)
{
	struct task *task = current;

	task_report_stop(W_STOPCODE(sig));
	for (;;) {
		task->state = TASK_STOPPED;
		if (!__atomic_load_n(&task->stopped, __ATOMIC_SEQ_CST))
			break;
		schedule();
	}
	task->state = TASK_RUNNING;
	if (!signal_fatal_pending())
		task_report_stop(W_CONTINUED);
}

/*
 * A system call that was interrupted by a signal which did not end the task is
 * made again, as if nothing had happened: a stop must not be visible.
 */
static void restart_syscall(struct trap_frame *frame)
{
	if (frame->vector != VEC_SYSCALL || (long)frame->rax != -EINTR)
		return;
	frame->rax = frame->error;
	frame->rip -= 2; /* the length of the syscall instruction */
}

void signal_deliver(struct trap_frame *frame)
{
	int sig;

	while ((sig = take_signal()) != 0) {
		if (!(SIGNAL_BIT(sig) & STOP_SIGNALS))
			task_exit(W_EXITCODE(0, sig));
		stop(sig);
	}
	restart_syscall(frame);
}
