/*
 * System calls that make a process or a thread, and unshare, which takes some of
 * the sharing back.
 */
#include <uapi/errno.h>
#include <uapi/sched.h>
#include <uapi/signal.h>

#include "fdtable.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

long sys_fork(void)
{
	struct clone_args args = { .flags = SIGCHLD };

	return task_clone(&args);
}

long sys_vfork(void)
{
	struct clone_args args = { .flags = CLONE_VM | CLONE_VFORK | SIGCHLD };

	return task_clone(&args);
}

long sys_clone(uint64_t flags, vaddr_t stack, vaddr_t parent_tid,
	       vaddr_t child_tid, vaddr_t tls)
{
	struct clone_args args = {
		.flags = (uint32_t)flags,
		.stack = stack,
		.parent_tid = parent_tid,
		.child_tid = child_tid,
		.tls = tls,
	};

	return task_clone(&args);
}

/* ---- clone3 ---- */

/* As programs fill it; older ones know a shorter one. */
struct clone3_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
	uint64_t stack, stack_size, tls;
	uint64_t set_tid, set_tid_size;
	uint64_t cgroup;
};

#define CLONE3_BYTES_MIN 64
#define CLONE3_BYTES_MAX 4096

/* What the caller's longer struct has behind ours must be zeros: -E2BIG. */
static int check_rest(vaddr_t user, size_t bytes)
{
	for (size_t at = sizeof(struct clone3_args); at < bytes; at++) {
		char byte;

		if (copy_from_user(&byte, user + at, 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	return 0;
}

static int get_args(vaddr_t user, size_t bytes, struct clone3_args *args)
{
	size_t known = bytes < sizeof(*args) ? bytes : sizeof(*args);
	int err;

	*args = (struct clone3_args){ 0 };
	if (bytes < CLONE3_BYTES_MIN)
		return -EINVAL;
	if (bytes > CLONE3_BYTES_MAX)
		return -E2BIG;
	err = copy_from_user(args, user, known);
	return err ? err : check_rest(user, bytes);
}

static bool args_valid(const struct clone3_args *args)
{
	if (args->flags & (CSIGNAL | CLONE_DETACHED) ||
	    args->exit_signal >= NSIG)
		return false;
	if (args->flags & (CLONE_THREAD | CLONE_PARENT) && args->exit_signal)
		return false;
	/* A child's pid is not for its parent to choose here. */
	if (args->set_tid || args->set_tid_size)
		return false;
	return !args->stack == !args->stack_size &&
	       (!args->stack ||
		user_range_ok(args->stack, args->stack_size));
}

long sys_clone3(vaddr_t user, size_t bytes)
{
	struct clone3_args args;
	struct clone_args clone;
	int err = get_args(user, bytes, &args);

	if (err)
		return err;
	if (!args_valid(&args))
		return -EINVAL;
	clone = (struct clone_args){
		.flags = args.flags | args.exit_signal,
		.stack = args.stack + args.stack_size,
		.parent_tid = args.parent_tid,
		.child_tid = args.child_tid,
		.tls = args.tls,
	};
	return task_clone(&clone);
}

/* ---- unshare ---- */

#define UNSHARE_ALONE (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)
#define UNSHARE_KNOWN \
	(UNSHARE_ALONE | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM)

static int unshare_fs(void)
{
	struct fs_context *old = current->fs;
	struct fs_context *copy = fs_context_fork(old);

	if (!copy)
		return -ENOMEM;
	current->fs = copy;
	fs_context_put(old);
	return 0;
}

/* unshare(2). What only a whole process can have alone, one thread has anyway. */
long sys_unshare(uint64_t flags)
{
	int err = 0;

	if (flags & ~(uint64_t)UNSHARE_KNOWN ||
	    (flags & UNSHARE_ALONE && current->leader->nr_running > 1))
		return -EINVAL;
	if (flags & CLONE_FS)
		err = unshare_fs();
	if (!err && flags & CLONE_FILES)
		err = fds_make_own();
	return err;
}
