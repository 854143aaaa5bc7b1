/*
 * System calls about signals: sending, dispositions, the blocked set.
 */
#include <uapi/errno.h>
#include <uapi/signal.h>

#include "sched.h"
#include "signal.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"

/* The size that every caller must name: the sets here have 64 bits. */
#define SET_BYTES sizeof(sigset_t)

long sys_kill(pid_t pid, int sig)
{
	return signal_kill(pid, sig);
}

/* A process has one thread as yet: the thread is the process. */
long sys_tkill(pid_t tid, int sig)
{
	return tid > 0 ? signal_kill(tid, sig) : -EINVAL;
}

long sys_tgkill(pid_t tgid, pid_t tid, int sig)
{
	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	return tgid == tid ? signal_kill(tid, sig) : -ESRCH;
}

long sys_rt_sigaction(int sig, vaddr_t user_action, vaddr_t user_old,
		      size_t set_bytes)
{
	struct kernel_sigaction action, old;
	int err;

	if (set_bytes != SET_BYTES || sig < 1 || sig >= NSIG)
		return -EINVAL;
	if (user_action) {
		err = copy_from_user(&action, user_action, sizeof(action));
		if (err)
			return err;
		if (sig == SIGKILL || sig == SIGSTOP)
			return -EINVAL;
	}
	signal_set_action(sig, user_action ? &action : NULL, &old);
	return user_old ? copy_to_user(user_old, &old, sizeof(old)) : 0;
}

/* The set that @how makes of @old and @set, or -EINVAL. */
static int combine_sets(int how, uint64_t old, uint64_t set, uint64_t *result)
{
	switch (how) {
	case SIG_BLOCK:
		*result = old | set;
		return 0;
	case SIG_UNBLOCK:
		*result = old & ~set;
		return 0;
	case SIG_SETMASK:
		*result = set;
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_rt_sigprocmask(int how, vaddr_t user_set, vaddr_t user_old,
			size_t set_bytes)
{
	uint64_t old = current->sig_blocked, set;
	int err;

	if (set_bytes != SET_BYTES)
		return -EINVAL;
	if (user_set) {
		err = copy_from_user(&set, user_set, sizeof(set));
		if (!err)
			err = combine_sets(how, old, set, &set);
		if (err)
			return err;
		signal_set_blocked(set);
	}
	return user_old ? copy_to_user(user_old, &old, sizeof(old)) : 0;
}

long sys_rt_sigpending(vaddr_t user_set, size_t set_bytes)
{
	uint64_t set = current->sig_pending & current->sig_blocked;

	if (set_bytes > SET_BYTES)
		return -EINVAL;
	return copy_to_user(user_set, &set, set_bytes);
}

/* Until a signal does something; a stop and a SIGCONT begin it anew. */
long sys_pause(void)
{
	return sched_sleep_until(UINT64_MAX);
}
