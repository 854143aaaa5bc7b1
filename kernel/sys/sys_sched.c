/*
 * System calls about the one CPU there is.
 */
#include <uapi/errno.h>

#include "syscall.h"
#include "task.h"
#include "uaccess.h"

/* CPU 0 in the smallest mask that the kernel knows. */
#define CPU_MASK 1UL

/* Whether @pid, 0 for the caller, exists. */
static bool task_exists(pid_t pid)
{
	bool found;

	mutex_lock(&tasklist_lock);
	found = !pid || task_find_locked(pid);
	mutex_unlock(&tasklist_lock);
	return found;
}

/* How many bytes of the mask were written, as the kernel's own call does. */
long sys_sched_getaffinity(pid_t pid, unsigned int bytes, vaddr_t user)
{
	uint64_t mask = CPU_MASK;
	int err;

	if (bytes < sizeof(mask) || bytes % sizeof(mask))
		return -EINVAL;
	if (!task_exists(pid))
		return -ESRCH;
	err = copy_to_user(user, &mask, sizeof(mask));
	return err ? err : (long)sizeof(mask);
}

long sys_sched_setaffinity(pid_t pid, unsigned int bytes, vaddr_t user)
{
	uint64_t mask = 0;
	int err;

	if (bytes > sizeof(mask))
		bytes = sizeof(mask);
	err = copy_from_user(&mask, user, bytes);
	if (err)
		return err;
	if (!task_exists(pid))
		return -ESRCH;
	return mask & CPU_MASK ? 0 : -EINVAL;
}

long sys_getcpu(vaddr_t cpu, vaddr_t node)
{
	uint32_t zero = 0;
	int err = 0;

	if (cpu)
		err = copy_to_user(cpu, &zero, sizeof(zero));
	if (!err && node)
		err = copy_to_user(node, &zero, sizeof(zero));
	return err;
}
