/*
 * System calls about signals: sending, dispositions, sets, waiting.
 */
#include <uapi/errno.h>
#include <uapi/signal.h>

#include "arch_task.h"
#include "sched.h"
#include "signal.h"
#include "signal_frame.h"
#include "string.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"
#include "user_time.h"

/* The size that every caller must name: the sets here have 64 bits. */
#define SET_BYTES sizeof(sigset_t)

long sys_kill(pid_t pid, int sig)
{
	return signal_kill(pid, sig);
}

static long kill_thread(pid_t tgid, pid_t tid, int sig)
{
	struct siginfo info;

	signal_info_user(&info, sig, SI_TKILL);
	return signal_kill_thread(tgid, tid, &info);
}

long sys_tkill(pid_t tid, int sig)
{
	return tid > 0 ? kill_thread(0, tid, sig) : -EINVAL;
}

long sys_tgkill(pid_t tgid, pid_t tid, int sig)
{
	return tgid > 0 && tid > 0 ? kill_thread(tgid, tid, sig) : -EINVAL;
}

/* Only to itself may a process tell what looks like kill or the kernel. */
static int get_info(pid_t pid, int sig, vaddr_t user, struct siginfo *info)
{
	int err = copy_from_user(info, user, sizeof(*info));

	if (err)
		return err;
	if ((info->si_code >= 0 || info->si_code == SI_TKILL) &&
	    pid != current->tgid)
		return -EPERM;
	info->si_signo = sig;
	return 0;
}

long sys_rt_sigqueueinfo(pid_t pid, int sig, vaddr_t user_info)
{
	struct siginfo info;
	int err = get_info(pid, sig, user_info, &info);

	if (err)
		return err;
	return pid > 0 ? signal_kill_info(pid, &info) : -ESRCH;
}

long sys_rt_tgsigqueueinfo(pid_t tgid, pid_t tid, int sig, vaddr_t user_info)
{
	struct siginfo info;
	int err;

	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	err = get_info(tgid, sig, user_info, &info);
	return err ? err : signal_kill_thread(tgid, tid, &info);
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
	err = signal_set_action(sig, user_action ? &action : NULL, &old);
	if (err)
		return err;
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
	uint64_t set = signal_pending_set(current) & current->sig_blocked;

	if (set_bytes > SET_BYTES)
		return -EINVAL;
	return copy_to_user(user_set, &set, set_bytes);
}

long sys_rt_sigreturn(void)
{
	struct trap_frame *frame = task_frame(current);

	if (signal_frame_pop(frame))
		force_signal(SIGSEGV, SI_KERNEL, 0);
	else
		signal_frame_check_rip(frame);
	current->restart.fn = NULL; /* the handler may have used it */
	return (long)frame->rax;
}

/* What is in use now; SS_ONSTACK says that the caller runs on it. */
static void get_altstack(struct sigaltstack *old, vaddr_t sp)
{
	*old = current->altstack;
	old->ss_flags &= (int)SS_AUTODISARM;
	if (!old->ss_size)
		old->ss_flags |= SS_DISABLE;
	else if (altstack_in_use(&current->altstack, sp))
		old->ss_flags |= SS_ONSTACK;
}

long sys_sigaltstack(vaddr_t user_stack, vaddr_t user_old)
{
	vaddr_t sp = task_frame(current)->rsp;
	struct sigaltstack stack, old;
	int err = 0;

	memset(&old, 0, sizeof(old)); /* with the hole between its members */
	get_altstack(&old, sp);
	if (user_stack) {
		err = copy_from_user(&stack, user_stack, sizeof(stack));
		if (!err)
			err = altstack_set(&stack, sp);
	}
	if (!err && user_old)
		err = copy_to_user(user_old, &old, sizeof(old));
	return err;
}

/* ---- waiting ---- */

/* Until a signal does something; a stop and a SIGCONT begin it anew. */
long sys_pause(void)
{
	sched_sleep_until(UINT64_MAX);
	return -ERESTARTNOHAND;
}

long sys_rt_sigsuspend(vaddr_t user_set, size_t set_bytes)
{
	uint64_t set;
	int err;

	if (set_bytes != SET_BYTES)
		return -EINVAL;
	err = copy_from_user(&set, user_set, sizeof(set));
	if (err)
		return err;
	signal_swap_blocked(set);
	sched_sleep_until(UINT64_MAX);
	signal_unswap_blocked(true);
	return -ERESTARTNOHAND;
}

long sys_rt_sigtimedwait(vaddr_t user_set, vaddr_t user_info,
			 vaddr_t user_timeout, size_t set_bytes)
{
	uint64_t set, deadline = UINT64_MAX;
	struct siginfo info;
	int sig, err;

	if (set_bytes != SET_BYTES)
		return -EINVAL;
	err = copy_from_user(&set, user_set, sizeof(set));
	if (!err && user_timeout)
		err = deadline_from_user(user_timeout, &deadline);
	if (err)
		return err;
	sig = signal_wait(set, &info, deadline);
	if (sig > 0 && user_info &&
	    copy_to_user(user_info, &info, sizeof(info)))
		return -EFAULT;
	return sig;
}
