/*
 * Signals: who gets which, and what happens then.
 *
 * A signal becomes pending in the task it is sent to and wakes it from sleep;
 * on its way to user mode the task does what the signal asks for: end, stop,
 * nothing, or a call of the handler that rt_sigaction(2) has set.
 *
 *	signal.c          dispositions, sending
 *	signal_queue.c    what is pending, with its siginfo
 *	signal_deliver.c  what the receiver does
 *	arch/x86_64/signal_frame.c  the handler's stack, and the way back
 */
#pragma once

#include <uapi/signal.h>

#include "list.h"
#include "lock.h"
#include "types.h"

struct task;
struct trap_frame;

#define SIGNAL_BIT(sig) (1UL << ((sig) - 1))

/* From here on each signal is queued; lower ones are pending once at most. */
#define SIGNAL_REALTIME 32

#define STOP_SIGNALS                                              \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) |              \
	 SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
#define DEFAULT_IGNORED                                           \
	(SIGNAL_BIT(SIGCHLD) | SIGNAL_BIT(SIGCONT) |              \
	 SIGNAL_BIT(SIGURG) | SIGNAL_BIT(SIGWINCH))
#define UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

/*
 * What a system call returns that a signal has interrupted. No program sees
 * these: signal_deliver() makes the call anew, or turns them into -EINTR.
 */
#define ERESTARTSYS 512    /* anew, unless a handler without SA_RESTART ran */
#define ERESTARTNOHAND 514 /* anew, unless a handler ran */
#define ERESTART_RESTARTBLOCK 516 /* likewise, through task->restart */

/* What rt_sigaction(2) recorded; tasks of one process may share it. */
struct sighand {
	uint32_t refs; /* atomic */
	/* sig_lock: 1 to 32, 33 to 64; NULL: all are SIG_DFL */
	struct sigaction_half *half[2];
};

/* Most programs handle few signals, and few of them real-time ones. */
struct sigaction_half {
	struct kernel_sigaction action[NSIG / 2];
};

/* Signals that have come and not been taken; see signal_queue.c. */
struct sig_pending {
	uint64_t set;           /* bit n-1: signal n */
	struct list_node queue; /* struct sig_record, oldest first */
};

/*
 * One lock for all signals: senders, threads that share what was sent, and the
 * lists of threads. Signals are rare, and locks of each process would have to be
 * found while it ends.
 */
extern struct spinlock sig_lock;

/* What @sig does. Caller holds sig_lock. */
const struct kernel_sigaction *sighand_action(const struct sighand *sighand,
					      int sig);

/* What force_signal() was told, until it is delivered; sig 0: nothing. */
struct fault_info {
	int sig, code;
	vaddr_t addr;
};

/* The last exception of a task, as its signal handlers are shown it. */
struct trap_info {
	uint64_t vector, error, cr2;
};

/* The rest of a call that must not begin at its beginning. */
struct restart {
	long (*fn)(const struct restart *restart); /* NULL: there is none */
	uint64_t deadline_ns;
	vaddr_t user;
	unsigned int nr;
};

/* ---- sighand.c ---- */

/* All dispositions default, with one reference, or NULL. */
struct sighand *sighand_create(void);

/* A copy with one reference, or NULL. */
struct sighand *sighand_copy(const struct sighand *sighand);

void sighand_put(struct sighand *sighand);

/*
 * To change what @sig does, or NULL: nothing was recorded for it or its like, and
 * it is SIG_DFL. Caller holds sig_lock.
 */
struct kernel_sigaction *sighand_recorded(struct sighand *sighand, int sig);

/* Make room to record what @sig does to the running @task. 0 or -ENOMEM. */
int sighand_make_room(struct task *task, int sig);

/* exec: handlers are gone with the old program, ignored signals stay so. */
void sighand_reset(struct sighand *sighand);

/* ---- signal.c ---- */

/*
 * Send @sig to the process of @task, or to that thread alone, on behalf of the
 * kernel. Nothing happens if it ignores it, has exited, or belongs to the kernel.
 * From interrupts too; the caller makes sure that @task exists.
 */
void signal_send(struct task *task, int sig);
void signal_send_thread(struct task *task, int sig);

/*
 * Send the signal that @info describes; not from interrupts. 0, or -EAGAIN:
 * too many real-time signals are queued already.
 */
int signal_send_info(struct task *task, const struct siginfo *info);
int signal_send_thread_info(struct task *task, const struct siginfo *info);

/* @info becomes what kill(2) by the running task tells: @code is SI_USER etc. */
void signal_info_user(struct siginfo *info, int sig, int code);

/*
 * The running task did something that cannot be continued (a bad access, an
 * invalid instruction): send @sig so that it cannot be ignored or blocked.
 * @code and @addr are si_code and si_addr.
 */
void force_signal(int sig, int code, vaddr_t addr);

/* As force_signal(), and a handler does not help either. */
void force_fatal_signal(int sig);

/*
 * kill(2): @pid > 0 a process, 0 the caller's group, -1 all but the caller and
 * process 1, < -1 the group -pid. Signal 0 only asks. 0, -ESRCH, -EINVAL, or
 * -EAGAIN as signal_send_info().
 */
int signal_kill(pid_t pid, int sig);
int signal_kill_info(pid_t pid, const struct siginfo *info);

/* The thread @tid alone; @tgid not 0: of that process, or it is -ESRCH. */
int signal_kill_thread(pid_t tgid, pid_t tid, const struct siginfo *info);

/* Every thread of @leader but @except is to end. Under sig_lock. */
void signal_kill_threads_locked(struct task *leader,
				const struct task *except);

/* @task takes none of @set, or no more: other threads of its process may. */
void signal_retarget_locked(struct task *task, uint64_t set);

/* Whether @sig does nothing to @task if it is not blocked. Under sig_lock. */
bool signal_is_ignored_locked(const struct task *task, int sig);

/*
 * Record @action (NULL: only ask) for @sig, which is neither SIGKILL nor
 * SIGSTOP; *@old is what was recorded before. 0 or -ENOMEM.
 */
int signal_set_action(int sig, const struct kernel_sigaction *action,
		      struct kernel_sigaction *old);

/* What @task recorded for @sig; the default if it has no dispositions. */
struct kernel_sigaction signal_action(struct task *task, int sig);

/* Whether the running task has a handler for @sig. */
bool signal_is_handled(int sig);

/* ---- signal_queue.c; all under sig_lock ---- */

/*
 * Make info->si_signo, or @sig with NULL for @info, pending in @pending, which
 * is one of the process of @leader. 0 or -EAGAIN. With @info not from interrupts.
 */
int signal_push_locked(struct task *leader, struct sig_pending *pending,
		       int sig, const struct siginfo *info);

/*
 * Take one @sig, which is pending for @task, off its own queue, or else that of
 * its process; *@info tells of it.
 */
void signal_pop_locked(struct task *task, int sig, struct siginfo *info);

/* Forget the signals of @set in @pending, which belongs to @leader's process. */
void signal_drop_locked(struct task *leader, struct sig_pending *pending,
			uint64_t set);

/* Forget them in the whole process of @leader. */
void signal_drop_all_locked(struct task *leader, uint64_t set);

/* What is pending for @task: sent to it, or to its process. */
uint64_t signal_pending_set(const struct task *task);

/*
 * Make task->work agree with the sets. Only a task itself takes its mark away:
 * a call that it has left because of a signal must go through signal_deliver().
 */
void signal_mark_locked(struct task *task);
void signal_update_work_locked(void);

/* ---- signal_deliver.c ---- */

/* Whether a signal is pending that does something to the running task. */
bool signal_pending(void);

/* Whether a signal is pending that ends the running task. */
bool signal_fatal_pending(void);

/*
 * Do what each pending signal of the running task asks for. May stop it for a
 * while and may not return at all. @frame: its user registers.
 */
void signal_deliver(struct trap_frame *frame);

/* Replace the set of blocked signals; SIGKILL and SIGSTOP never are. */
void signal_set_blocked(uint64_t blocked);

/*
 * Another blocked set for the length of a call, and back. If a signal
 * interrupted the call, it is delivered under the set of the call, and its
 * handler's return brings the old one back.
 */
void signal_swap_blocked(uint64_t blocked);
void signal_unswap_blocked(bool interrupted);

/*
 * Take a pending signal of @set, blocked or not; sleep for one until
 * @deadline_ns. The signal, -EAGAIN, or -EINTR: another signal came.
 */
int signal_wait(uint64_t set, struct siginfo *info, uint64_t deadline_ns);

/* ---- altstack.c ---- */

/* Whether @sp lies in @stack, if there is one at all. */
bool altstack_holds(const struct sigaltstack *stack, vaddr_t sp);

/* Whether a task with stack pointer @sp runs on @stack: sigaltstack(2). */
bool altstack_in_use(const struct sigaltstack *stack, vaddr_t sp);

/*
 * Make *@stack the running task's; @sp is its stack pointer. 0, -EPERM (in
 * use), -EINVAL (flags) or -ENOMEM (too small).
 */
int altstack_set(const struct sigaltstack *stack, vaddr_t sp);
