/*
 * System calls about who gets how much of the processor: nice values, policies.
 *
 * A nice value changes how long a task may run before others of the round do. Of
 * the policies there is that round alone: BATCH and IDLE are taken note of, the
 * real-time ones do not exist.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>
#include <uapi/sched.h>
#include <uapi/time.h>

#include "cred.h"
#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"
#include "user_time.h"

#define NICE_MIN (-20)
#define NICE_MAX 19
#define REALTIME_PRIORITY_MAX 99

/* ---- nice values ---- */

/* Whether setpriority(@which, @who) means @task. */
static bool is_meant(const struct task *task, int which, int who)
{
	switch (which) {
	case PRIO_PROCESS:
		return who ? task->pid == who : task == current;
	case PRIO_PGRP:
		return task->leader->pgid == (who ? who : current->leader->pgid);
	default:
		return task->mm && task->cred->user.real ==
					   (who ? (uint32_t)who
						: current->cred->user.real);
	}
}

/* The highest of them as 20 - nice, so that no answer is negative. */
long sys_getpriority(int which, int who)
{
	const struct task *task;
	long best = -ESRCH;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link)
		if (is_meant(task, which, who) && 20 - task->nice > best)
			best = 20 - task->nice;
	mutex_unlock(&tasklist_lock);
	return best;
}

/*
 * Only one's own, and only to be nicer: -EPERM, -EACCES. @err is what became of
 * those before; a failure stays one, success takes back "nobody".
 */
static long set_nice(struct task *task, int nice, long err)
{
	const struct ids *own = &current->cred->user, *other = &task->cred->user;

	if (!capable(CAP_SYS_NICE)) {
		if (other->real != own->effective &&
		    other->effective != own->effective)
			return -EPERM;
		if (nice < task->nice)
			return -EACCES;
	}
	task->nice = nice;
	return err == -ESRCH ? 0 : err;
}

long sys_setpriority(int which, int who, int nice)
{
	struct task *task;
	long err = -ESRCH;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	if (nice < NICE_MIN)
		nice = NICE_MIN;
	if (nice > NICE_MAX)
		nice = NICE_MAX;
	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link) {
		if (!is_meant(task, which, who))
			continue;
		err = set_nice(task, nice, err);
	}
	mutex_unlock(&tasklist_lock);
	return err;
}

/* ---- policies ---- */

static bool is_policy(int policy)
{
	return policy == SCHED_OTHER || policy == SCHED_BATCH ||
	       policy == SCHED_IDLE;
}

static bool is_realtime(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* The policy of @pid, 0 for the caller, set to @policy unless that is -1. */
static long exchange_policy(pid_t pid, int policy)
{
	struct task *task;
	long old = -ESRCH;

	if (pid < 0)
		return -EINVAL;
	mutex_lock(&tasklist_lock);
	task = pid ? task_find_locked(pid) : current;
	if (task) {
		old = task->policy;
		if (policy >= 0)
			task->policy = policy;
	}
	mutex_unlock(&tasklist_lock);
	return old;
}

long sys_sched_getscheduler(pid_t pid)
{
	return exchange_policy(pid, -1);
}

/* @param is one int, the real-time priority: 0 for those that have none. */
static int check_param(vaddr_t param)
{
	int priority;

	if (!param)
		return -EINVAL;
	if (copy_from_user(&priority, param, sizeof(priority)))
		return -EFAULT;
	return priority ? -EINVAL : 0;
}

long sys_sched_setscheduler(pid_t pid, int policy, vaddr_t param)
{
	long err = policy < 0 ? -EINVAL : check_param(param);

	if (!err && !is_policy(policy))
		err = -EINVAL;
	if (!err)
		err = exchange_policy(pid, policy);
	return err < 0 ? err : 0;
}

long sys_sched_getparam(pid_t pid, vaddr_t param)
{
	int priority = 0;
	long policy;

	if (!param)
		return -EINVAL;
	policy = exchange_policy(pid, -1);
	return policy < 0 ? policy
			  : copy_to_user(param, &priority, sizeof(priority));
}

long sys_sched_setparam(pid_t pid, vaddr_t param)
{
	long err = check_param(param);

	if (!err)
		err = exchange_policy(pid, -1);
	return err < 0 ? err : 0;
}

long sys_sched_get_priority_max(int policy)
{
	if (is_realtime(policy))
		return REALTIME_PRIORITY_MAX;
	return is_policy(policy) ? 0 : -EINVAL;
}

long sys_sched_get_priority_min(int policy)
{
	if (is_realtime(policy))
		return 1;
	return is_policy(policy) ? 0 : -EINVAL;
}

long sys_sched_rr_get_interval(pid_t pid, vaddr_t user)
{
	struct timespec slice = ns_to_timespec(SLICE_TICKS * NSEC_PER_TICK);
	long policy = exchange_policy(pid, -1);

	return policy < 0 ? policy : copy_to_user(user, &slice, sizeof(slice));
}

/* ---- membarrier ---- */

#define MEMBARRIER_CMD_QUERY 0
#define MEMBARRIER_CMDS 0x1ff /* those of Linux 6.1 */

/*
 * Threads of one CPU see each other's stores in order, since every switch between
 * them goes through the kernel.
 */
long sys_membarrier(int cmd, unsigned int flags)
{
	if (flags)
		return -EINVAL;
	if (cmd == MEMBARRIER_CMD_QUERY)
		return MEMBARRIER_CMDS;
	return cmd > 0 && !(cmd & (cmd - 1)) && cmd & MEMBARRIER_CMDS ? 0
								      : -EINVAL;
}
