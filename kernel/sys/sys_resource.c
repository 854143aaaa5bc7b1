/*
 * System calls about limits and usage.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>
#include <uapi/time.h>

#include "cred.h"
#include "fdtable.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"

#define NSEC_PER_USER_TICK (NSEC_PER_SEC / USER_HZ)

static int check_limit(unsigned int resource, const struct rlimit *limit)
{
	if (limit->rlim_cur > limit->rlim_max)
		return -EINVAL;
	/* Root may raise any hard limit but this one: a table has an end. */
	if (resource == RLIMIT_NOFILE && limit->rlim_max > NOFILE_MAX)
		return -EPERM;
	return 0;
}

/* Whether all the ids of @task are ours, or we are root. */
static bool may_ask(const struct task *task)
{
	const struct cred *own = current->cred, *other = task->cred;

	return task->leader == current->leader ||
	       (own->user.real == other->user.effective &&
		own->user.real == other->user.saved &&
		own->user.real == other->user.real &&
		own->group.real == other->group.effective &&
		own->group.real == other->group.saved &&
		own->group.real == other->group.real) ||
	       capable(CAP_SYS_RESOURCE);
}

/* A hard limit can only be lowered without being root. */
static int set_limit_locked(struct task *leader, unsigned int resource,
			    const struct rlimit *limit)
{
	if (limit->rlim_max > leader->limits->limit[resource].rlim_max &&
	    !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	return limits_set_locked(leader, resource, limit);
}

/* Exchange the limit of the task with @pid, 0 being the caller. */
static int exchange_limit(pid_t pid, unsigned int resource,
			  const struct rlimit *limit, struct rlimit *old)
{
	struct task *task;
	int err = 0;

	mutex_lock(&tasklist_lock);
	task = pid ? task_find_locked(pid) : current;
	if (!task)
		err = -ESRCH;
	else if (!may_ask(task))
		err = -EPERM;
	else
		*old = task->leader->limits->limit[resource];
	if (!err && limit)
		err = set_limit_locked(task->leader, resource, limit);
	mutex_unlock(&tasklist_lock);
	return err;
}

long sys_prlimit64(pid_t pid, unsigned int resource, vaddr_t user_limit,
		   vaddr_t user_old)
{
	struct rlimit limit, old;
	int err;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (user_limit) {
		err = copy_from_user(&limit, user_limit, sizeof(limit));
		if (!err)
			err = check_limit(resource, &limit);
		if (err)
			return err;
	}
	err = exchange_limit(pid, resource, user_limit ? &limit : NULL, &old);
	if (err || !user_old)
		return err;
	return copy_to_user(user_old, &old, sizeof(old));
}

long sys_getrlimit(unsigned int resource, vaddr_t user)
{
	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	return copy_to_user(user, &current->leader->limits->limit[resource],
			    sizeof(struct rlimit));
}

long sys_setrlimit(unsigned int resource, vaddr_t user)
{
	struct rlimit limit, old;
	int err = copy_from_user(&limit, user, sizeof(limit));

	if (err)
		return err;
	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	err = check_limit(resource, &limit);
	return err ? err : exchange_limit(0, resource, &limit, &old);
}

long sys_getrusage(int who, vaddr_t user)
{
	struct rusage usage;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN &&
	    who != RUSAGE_THREAD)
		return -EINVAL;
	mutex_lock(&tasklist_lock);
	if (who == RUSAGE_SELF)
		usage_self_locked(current->leader, &usage);
	else if (who == RUSAGE_CHILDREN)
		usage_children_locked(current->leader, &usage);
	else
		usage_thread(current, &usage);
	mutex_unlock(&tasklist_lock);
	return copy_to_user(user, &usage, sizeof(usage));
}

/* The time since boot in 1/100 s, which is what times() returns. */
long sys_times(vaddr_t user)
{
	struct task_usage self, children;
	struct tms tms;

	mutex_lock(&tasklist_lock);
	self = usage_of_process_locked(current->leader);
	children = current->leader->reaped;
	mutex_unlock(&tasklist_lock);
	tms = (struct tms){
		.tms_utime = (long)(self.utime_ns / NSEC_PER_USER_TICK),
		.tms_stime = (long)(self.stime_ns / NSEC_PER_USER_TICK),
		.tms_cutime = (long)(children.utime_ns / NSEC_PER_USER_TICK),
		.tms_cstime = (long)(children.stime_ns / NSEC_PER_USER_TICK),
	};
	if (user && copy_to_user(user, &tms, sizeof(tms)))
		return -EFAULT;
	return (long)(ktime_ns() / NSEC_PER_USER_TICK);
}
