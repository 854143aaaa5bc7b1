/*
 * System calls about processes: how they begin, change and end.
 */
#include <uapi/errno.h>
#include <uapi/prctl.h>
#include <uapi/wait.h>

#include "arch_task.h"
#include "exec.h"
#include "mm.h"
#include "string.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

long sys_execve(vaddr_t user_path, vaddr_t argv, vaddr_t envp)
{
	struct exec *exec;
	char *path;
	int err;

	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = exec_prepare_user(path, argv, envp, &exec);
	path_put(path);
	if (err)
		return err;
	err = exec_unshare();
	if (err) {
		exec_discard(exec);
		return err;
	}
	exec_commit(exec);
	return 0; /* what the new program finds in rax */
}

long sys_exit(int code)
{
	thread_exit(W_EXITCODE(code, 0));
}

long sys_exit_group(int code)
{
	task_exit(W_EXITCODE(code, 0));
}

long sys_wait4(pid_t pid, vaddr_t user_status, int options, vaddr_t user_usage)
{
	struct rusage usage;
	int status = 0;
	pid_t child;
	int err = 0;

	child = task_wait(pid, &status, options, user_usage ? &usage : NULL);
	if (child <= 0)
		return child;
	if (user_status)
		err = copy_to_user(user_status, &status, sizeof(status));
	if (!err && user_usage)
		err = copy_to_user(user_usage, &usage, sizeof(usage));
	return err ? err : child;
}

#define WAITID_OPTIONS                                                      \
	(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED |              \
	 __WNOTHREAD | (int)__WCLONE | __WALL)

static int check_waitid(int type, pid_t id, int options)
{
	if (options & ~WAITID_OPTIONS ||
	    !(options & (WEXITED | WSTOPPED | WCONTINUED)))
		return -EINVAL;
	switch (type) {
	case P_ALL:
		return 0;
	case P_PID:
		return id > 0 ? 0 : -EINVAL;
	case P_PGID:
		return id >= 0 ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

/* 0 also when WNOHANG finds nobody; then the siginfo is all zeros. */
long sys_waitid(int type, pid_t id, vaddr_t user_info, int options,
		vaddr_t user_usage)
{
	struct rusage usage;
	struct wait_request request = {
		.type = type, .id = id, .options = options,
		.usage = user_usage ? &usage : NULL,
	};
	int err = check_waitid(type, id, options);

	if (type == P_PGID && !id)
		request.id = current->leader->pgid;
	if (!err)
		err = task_wait_request(&request);
	if (!err && user_usage && request.pid)
		err = copy_to_user(user_usage, &usage, sizeof(usage));
	if (!err && user_info)
		err = copy_to_user(user_info, &request.info,
				   sizeof(request.info));
	return err;
}

long sys_sched_yield(void)
{
	schedule();
	return 0;
}

long sys_set_tid_address(vaddr_t tid)
{
	current->clear_child_tid = tid;
	return current->pid;
}

long sys_arch_prctl(int code, vaddr_t addr)
{
	switch (code) {
	case ARCH_SET_FS:
		if (addr >= USER_END)
			return -EPERM;
		arch_set_fs_base(addr);
		return 0;
	case ARCH_GET_FS:
		return copy_to_user(addr, &current->fs_base,
				    sizeof(current->fs_base));
	default:
		return -EINVAL;
	}
}
