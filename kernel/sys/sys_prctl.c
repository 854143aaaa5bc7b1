/*
 * prctl: what a process can say about itself, one option at a time.
 */
#include <uapi/errno.h>
#include <uapi/prctl.h>
#include <uapi/signal.h>

#include "mm.h"
#include "string.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"

#define TIMER_SLACK_NS 50000 /* what Linux starts with; timers here are exact */
#define CAPABILITY_MAX 40

static long set_name(vaddr_t user)
{
	char name[TASK_COMM_BYTES] = { 0 };
	long length = copy_string_from_user(name, user, sizeof(name));

	if (length < 0 && length != -ENAMETOOLONG)
		return length;
	name[TASK_COMM_BYTES - 1] = 0; /* a longer one is cut */
	memcpy(current->comm, name, sizeof(name));
	return 0;
}

static void set_no_large_pages(bool value)
{
	struct mm_struct *mm = current->mm;

	mutex_lock(&mm->lock);
	mm->no_large_pages = value;
	mutex_unlock(&mm->lock);
}

/* A core dump is not made in any case; who may look into us, everybody. */
static long set_dumpable(uint64_t value)
{
	if (value > 1)
		return -EINVAL;
	current->mm->dumpable = value;
	return 0;
}

static long set_death_signal(uint64_t sig)
{
	if (sig >= NSIG)
		return -EINVAL;
	current->death_signal = (int)sig;
	return 0;
}

static long put_int(vaddr_t user, int value)
{
	return copy_to_user(user, &value, sizeof(value));
}

/* Options about the memory of the process. */
static long prctl_memory(int option, uint64_t arg2, bool more)
{
	switch (option) {
	case PR_GET_DUMPABLE:
		return current->mm->dumpable;
	case PR_SET_DUMPABLE:
		return set_dumpable(arg2);
	case PR_SET_THP_DISABLE:
		if (more)
			return -EINVAL;
		set_no_large_pages(arg2);
		return 0;
	case PR_GET_THP_DISABLE:
		if (arg2 || more)
			return -EINVAL;
		return current->mm->no_large_pages;
	default:
		return -EINVAL;
	}
}

/* Options about rights, which are all granted and none of which is taken away. */
static long prctl_rights(int option, uint64_t arg2, bool more)
{
	switch (option) {
	case PR_SET_NO_NEW_PRIVS:
		if (arg2 != 1 || more)
			return -EINVAL;
		current->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return arg2 || more ? -EINVAL : current->no_new_privs;
	case PR_CAPBSET_READ:
		return arg2 <= CAPABILITY_MAX ? 1 : -EINVAL;
	case PR_GET_SECCOMP:
		return 0;
	default:
		return -EINVAL;
	}
}

/*
 * prctl(2). -EINVAL: an option that is not known, a value that it does not have,
 * or arguments other than 0 behind the last one, where Linux minds them.
 */
long sys_prctl(int option, uint64_t arg2, uint64_t arg3, uint64_t arg4,
	       uint64_t arg5)
{
	bool more = arg3 || arg4 || arg5;

	switch (option) {
	case PR_SET_NAME:
		return set_name(arg2);
	case PR_GET_NAME:
		return copy_to_user(arg2, current->comm, sizeof(current->comm));
	case PR_SET_PDEATHSIG:
		return set_death_signal(arg2);
	case PR_GET_PDEATHSIG:
		return put_int(arg2, current->death_signal);
	case PR_SET_CHILD_SUBREAPER:
		current->leader->subreaper = arg2;
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_int(arg2, current->leader->subreaper);
	case PR_GET_TIMERSLACK:
		return TIMER_SLACK_NS;
	case PR_GET_TSC:
		return put_int(arg2, PR_TSC_ENABLE);
	case PR_GET_DUMPABLE:
	case PR_SET_DUMPABLE:
	case PR_SET_THP_DISABLE:
	case PR_GET_THP_DISABLE:
		return prctl_memory(option, arg2, more);
	default:
		return prctl_rights(option, arg2, more);
	}
}
