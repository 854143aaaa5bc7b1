/*
 * Signals: who gets which, and what happens then.
 *
 * A signal becomes pending in the task it is sent to and wakes it from sleep;
 * on its way to user mode the task takes the signal's default action: end,
 * stop, or nothing. Dispositions are recorded as rt_sigaction(2) asks, and
 * SIG_IGN is honoured; a recorded handler is not run yet, the default action
 * takes its place.
 */
#pragma once

#include <uapi/signal.h>

#include "types.h"

struct task;
struct trap_frame;

#define SIGNAL_BIT(sig) (1UL << ((sig) - 1))

/* What rt_sigaction(2) recorded; tasks of one process may share it. */
struct sighand {
	uint32_t refs; /* atomic */
	struct kernel_sigaction action[NSIG]; /* task->sig_lock */
};

/* All dispositions default, with one reference, or NULL. */
struct sighand *sighand_create(void);

/* A copy with one reference, or NULL. */
struct sighand *sighand_copy(const struct sighand *sighand);

void sighand_put(struct sighand *sighand);

/* exec: handlers are gone with the old program, ignored signals stay so. */
void sighand_reset(struct sighand *sighand);

/*
 * Send @sig to one task. Nothing happens if the task ignores it, has exited, or
 * belongs to the kernel. From interrupts too; the caller makes sure that @task
 * exists.
 */
void signal_send(struct task *task, int sig);

/*
 * The running task did something that cannot be continued (a bad access, an
 * invalid instruction): send @sig so that it cannot be ignored or blocked.
 * @code and @addr are si_code and si_addr.
 */
void force_signal(int sig, int code, vaddr_t addr);

/*
 * kill(2): @pid > 0 a process, 0 the caller's group, -1 all but the caller and
 * process 1, < -1 the group -pid. @sig 0 only asks. 0, -ESRCH or -EINVAL.
 */
int signal_kill(pid_t pid, int sig);

/* Whether a signal is pending that ends or stops the running task. */
bool signal_pending(void);

/* Whether a signal is pending that ends the running task. */
bool signal_fatal_pending(void);

/*
 * Take the default action of each pending signal of the running task. May stop
 * it for a while and may not return at all. @frame: its user registers.
 */
void signal_deliver(struct trap_frame *frame);

/*
 * Record @action (NULL: only ask) for @sig, which is neither SIGKILL nor
 * SIGSTOP; *@old is what was recorded before.
 */
void signal_set_action(int sig, const struct kernel_sigaction *action,
		       struct kernel_sigaction *old);

/* What @task recorded for @sig; the default if it has no dispositions. */
struct kernel_sigaction signal_action(struct task *task, int sig);

/* Replace the set of blocked signals; SIGKILL and SIGSTOP never are. */
void signal_set_blocked(uint64_t blocked);
