/*
 * System calls that tell or change who a process is: pid, group, session.
 */
#include <uapi/errno.h>

#include "syscall.h"
#include "task.h"

long sys_getpid(void)
{
	return current->tgid;
}

long sys_gettid(void)
{
	return current->pid;
}

long sys_getppid(void)
{
	pid_t ppid;

	mutex_lock(&tasklist_lock);
	ppid = current->leader->parent->tgid;
	mutex_unlock(&tasklist_lock);
	return ppid;
}

/* The leader of the process meant by @pid, where 0 is the caller's, or NULL. */
static struct task *find_locked(pid_t pid)
{
	struct task *task = pid ? task_find_locked(pid) : current;

	return task ? task->leader : NULL;
}

static bool group_in_session_locked(pid_t pgid, pid_t sid)
{
	struct task *task;

	list_for_each(task, &all_tasks, all_link)
		if (task_is_leader(task) && task->pgid == pgid &&
		    task->sid == sid)
			return true;
	return false;
}

static long setpgid_locked(pid_t pid, pid_t pgid)
{
	struct task *self = current->leader;
	struct task *task = find_locked(pid);

	if (!task)
		return -ESRCH;
	if (pid && task->pid != pid)
		return -EINVAL; /* a thread */
	if (task != self && task->parent != self)
		return -ESRCH;
	if (!pgid)
		pgid = task->pid;
	if (task->sid != self->sid || task->sid == task->pid)
		return -EPERM;
	if (pgid != task->pid && !group_in_session_locked(pgid, task->sid))
		return -EPERM;
	task->pgid = pgid;
	return 0;
}

long sys_setpgid(pid_t pid, pid_t pgid)
{
	long err;

	if (pgid < 0)
		return -EINVAL;
	mutex_lock(&tasklist_lock);
	err = setpgid_locked(pid, pgid);
	mutex_unlock(&tasklist_lock);
	return err;
}

long sys_getpgid(pid_t pid)
{
	struct task *task;
	long pgid;

	mutex_lock(&tasklist_lock);
	task = find_locked(pid);
	pgid = task ? task->pgid : -ESRCH;
	mutex_unlock(&tasklist_lock);
	return pgid;
}

long sys_getpgrp(void)
{
	return current->leader->pgid;
}

/* -EPERM: a group with the caller's pid exists, so the session cannot. */
long sys_setsid(void)
{
	struct task *task, *self = current->leader;
	long sid = self->pid;

	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link)
		if (task_is_leader(task) && task->pgid == self->pid)
			sid = -EPERM;
	if (sid > 0)
		self->pgid = self->sid = self->pid;
	mutex_unlock(&tasklist_lock);
	return sid;
}

long sys_getsid(pid_t pid)
{
	struct task *task;
	long sid;

	mutex_lock(&tasklist_lock);
	task = find_locked(pid);
	sid = task ? task->sid : -ESRCH;
	mutex_unlock(&tasklist_lock);
	return sid;
}
