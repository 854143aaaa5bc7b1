/*
 * Signals at their receiver, on its way to user mode.
 *
 *	system call returns -ERESTART..., or an interrupt, or a fault
 *	        |
 *	task_work() -> signal_deliver()
 *	        |         take_signal()     which one, what was asked for
 *	        |         run_handler()     frame on the user's stack, or
 *	        |         stop(), task_exit()     the default action
 *	        v
 *	user mode: the handler; rt_sigreturn(2) comes back to where all began
 *
 * Several signals that are pending at once stack their frames: the handler of
 * the last one taken runs first and returns into the one before.
 */
#include <uapi/errno.h>
#include <uapi/syscall.h>
#include <uapi/wait.h>

#include "arch_task.h"
#include "signal.h"
#include "signal_frame.h"
#include "task.h"
#include "timer.h"

/* Caused by the instruction at rip: their handler must see that rip. */
#define SYNCHRONOUS                                               \
	(SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) |               \
	 SIGNAL_BIT(SIGILL) | SIGNAL_BIT(SIGTRAP) |               \
	 SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSYS))

bool signal_pending(void)
{
	return __atomic_load_n(&current->work, __ATOMIC_RELAXED) &
	       TASK_SIGPENDING;
}

/* Whether @sig, delivered now, would end @task. */
static bool is_fatal_locked(const struct task *task, int sig)
{
	return sighand_action(task->sighand, sig)->handler == SIG_DFL &&
	       !(SIGNAL_BIT(sig) & (STOP_SIGNALS | DEFAULT_IGNORED));
}

bool signal_fatal_pending(void)
{
	struct task *task = current;
	unsigned long irq;
	uint64_t ready;
	bool fatal = false;

	if (!signal_pending())
		return false;
	irq = spin_lock_irqsave(&sig_lock);
	for (ready = signal_pending_set(task) & ~task->sig_blocked; ready;
	     ready &= ready - 1)
		fatal |= is_fatal_locked(task, __builtin_ctzl(ready) + 1);
	spin_unlock_irqrestore(&sig_lock, irq);
	return fatal;
}

/* ---- the blocked set ---- */

static void set_blocked_locked(uint64_t blocked)
{
	uint64_t more = blocked & ~UNBLOCKABLE & ~current->sig_blocked;

	current->sig_blocked = blocked & ~UNBLOCKABLE;
	signal_retarget_locked(current, more);
	signal_update_work_locked();
}

void signal_set_blocked(uint64_t blocked)
{
	unsigned long irq = spin_lock_irqsave(&sig_lock);

	set_blocked_locked(blocked);
	spin_unlock_irqrestore(&sig_lock, irq);
}

void signal_swap_blocked(uint64_t blocked)
{
	current->sig_saved = current->sig_blocked;
	signal_set_blocked(blocked);
}

void signal_unswap_blocked(bool interrupted)
{
	if (interrupted)
		current->sig_restore = true;
	else
		signal_set_blocked(current->sig_saved);
}

/* ---- waiting for a signal instead of being interrupted by it ---- */

/* One of @set that is pending, or 0. */
static int take_from_set(uint64_t set, struct siginfo *info)
{
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	uint64_t ready = signal_pending_set(current) & set;
	int sig = ready ? __builtin_ctzl(ready) + 1 : 0;

	if (sig)
		signal_pop_locked(current, sig, info);
	signal_update_work_locked();
	spin_unlock_irqrestore(&sig_lock, irq);
	return sig;
}

static void set_waiting(uint64_t set)
{
	unsigned long irq = spin_lock_irqsave(&sig_lock);

	current->sig_waiting = set;
	spin_unlock_irqrestore(&sig_lock, irq);
}

int signal_wait(uint64_t set, struct siginfo *info, uint64_t deadline_ns)
{
	int result;

	set &= ~UNBLOCKABLE;
	set_waiting(set);
	for (;;) {
		current->state = TASK_SLEEPING;
		result = take_from_set(set, info);
		if (!result && signal_pending())
			result = -EINTR;
		if (!result && ktime_ns() >= deadline_ns)
			result = -EAGAIN;
		if (result)
			break;
		sched_timer_start(deadline_ns);
		schedule();
		sched_timer_stop();
	}
	current->state = TASK_RUNNING;
	set_waiting(0);
	return result;
}

/* ---- taking a signal ---- */

static int choose(uint64_t ready)
{
	if (ready & SIGNAL_BIT(SIGKILL))
		return SIGKILL; /* nothing may delay it */
	if (ready & SYNCHRONOUS)
		ready &= SYNCHRONOUS;
	return __builtin_ctzl(ready) + 1;
}

/* What was sent to the thread comes before what was sent to its process. */
static int next_signal(const struct task *task)
{
	uint64_t own = task->pending.set & ~task->sig_blocked;
	uint64_t shared = task->leader->shared.set & ~task->sig_blocked;

	if (own)
		return choose(own);
	return shared ? choose(shared) : 0;
}

/* A stop is for all threads: each will find out on its way to user mode. */
static void begin_stop_locked(struct task *leader, int sig)
{
	struct task *thread;

	leader->stopped = true;
	leader->stop_signal = sig;
	leader->continued = false;
	list_for_each(thread, &leader->threads, thread_link) {
		if (!thread->sighand)
			continue;
		signal_mark_locked(thread);
		sched_wake_from(thread, TASK_SLEEPING);
	}
}

/* Take the next signal that does something; false: there is none. */
static bool take_signal(struct delivery *delivery)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	int sig;

	while ((sig = next_signal(task))) {
		struct kernel_sigaction *action =
			sighand_recorded(task->sighand, sig);

		signal_pop_locked(task, sig, &delivery->info);
		delivery->sig = sig;
		delivery->action = *sighand_action(task->sighand, sig);
		if (signal_is_ignored_locked(task, sig))
			continue;
		if (action && action->flags & SA_RESETHAND)
			action->handler = SIG_DFL;
		break;
	}
	if (sig && SIGNAL_BIT(sig) & STOP_SIGNALS &&
	    delivery->action.handler == SIG_DFL)
		begin_stop_locked(task->leader, sig);
	signal_update_work_locked();
	spin_unlock_irqrestore(&sig_lock, irq);
	return sig;
}

/* ---- stops ---- */

static bool is_stopped(void)
{
	return __atomic_load_n(&current->leader->stopped, __ATOMIC_SEQ_CST);
}

/* The last thread to stop tells the parent. */
static void enter_stop(struct task *leader)
{
	mutex_lock(&tasklist_lock);
	leader->nr_stopped++;
	task_check_stop_locked(leader);
	mutex_unlock(&tasklist_lock);
}

/* And the first to go on, if it was SIGCONT that ended the stop. */
static void leave_stop(struct task *leader)
{
	unsigned long irq;
	bool tell;

	mutex_lock(&tasklist_lock);
	leader->nr_stopped--;
	irq = spin_lock_irqsave(&sig_lock);
	tell = leader->continued;
	leader->continued = false;
	signal_update_work_locked();
	spin_unlock_irqrestore(&sig_lock, irq);
	if (tell)
		task_report_stop_locked(leader, W_CONTINUED);
	mutex_unlock(&tasklist_lock);
}

/* Sleep until SIGCONT or SIGKILL has ended the stop. */
static void stop(void)
{
	struct task *task = current;

	enter_stop(task->leader);
	for (;;) {
		task->state = TASK_STOPPED;
		if (!is_stopped())
			break;
		schedule();
	}
	task->state = TASK_RUNNING;
	leave_stop(task->leader);
}

/* ---- what a signal does ---- */

/* The interrupted system call is made again when user mode is reached. */
static void make_call_again(struct trap_frame *frame, uint64_t nr)
{
	frame->rax = nr;
	frame->rip -= 2; /* the length of the syscall instruction */
}

/* A handler is about to run: the call begins anew after it, or fails. */
static void finish_call_for_handler(struct trap_frame *frame,
				    unsigned long flags)
{
	if (frame->vector != VEC_SYSCALL)
		return;
	switch (-(long)frame->rax) {
	case ERESTARTSYS:
		if (flags & SA_RESTART) {
			make_call_again(frame, frame->error);
			break;
		}
		/* fall through */
	case ERESTARTNOHAND:
	case ERESTART_RESTARTBLOCK:
		frame->rax = (uint64_t)-EINTR;
		break;
	}
}

/* No handler runs: a stop, for instance, must not be visible. */
static void restart_call(struct trap_frame *frame)
{
	if (frame->vector != VEC_SYSCALL)
		return;
	switch (-(long)frame->rax) {
	case ERESTARTSYS:
	case ERESTARTNOHAND:
		make_call_again(frame, frame->error);
		break;
	case ERESTART_RESTARTBLOCK:
		make_call_again(frame, SYS_restart_syscall);
		break;
	}
}

static void block_for_handler(const struct delivery *delivery)
{
	uint64_t more = delivery->action.mask;

	if (!(delivery->action.flags & SA_NODEFER))
		more |= SIGNAL_BIT(delivery->sig);
	signal_set_blocked(current->sig_blocked | more);
}

static void run_handler(struct trap_frame *frame, struct delivery *delivery)
{
	struct task *task = current;

	finish_call_for_handler(frame, delivery->action.flags);
	delivery->mask = task->sig_restore ? task->sig_saved
					   : task->sig_blocked;
	if (!signal_frame_push(frame, delivery)) {
		task->sig_restore = false;
		block_for_handler(delivery);
	} else if (delivery->sig == SIGSEGV) {
		force_fatal_signal(SIGSEGV);
	} else {
		force_signal(SIGSEGV, SI_KERNEL, 0);
	}
}

/* A stop has begun already: take_signal() saw to it. */
static void act(struct trap_frame *frame, struct delivery *delivery)
{
	if (delivery->action.handler != SIG_DFL)
		run_handler(frame, delivery);
	else if (!(SIGNAL_BIT(delivery->sig) & STOP_SIGNALS))
		task_exit(W_EXITCODE(0, delivery->sig));
}

void signal_deliver(struct trap_frame *frame)
{
	struct delivery delivery;

	for (;;) {
		if (is_stopped()) {
			stop();
			continue;
		}
		if (!take_signal(&delivery))
			break;
		act(frame, &delivery);
		signal_frame_check_rip(frame);
	}
	restart_call(frame);
	if (current->sig_restore) {
		current->sig_restore = false;
		signal_set_blocked(current->sig_saved);
	}
}
