/*
 * A program as the child of a kernel task: how the shell starts one.
 *
 * Unlike fork and exec there is no moment at which the child runs the parent's
 * code, so everything that can fail is done by the parent, which hears of it;
 * the child only steps into an address space that is complete.
 */
#include <uapi/errno.h>

#include "arch_task.h"
#include "exec.h"
#include "fdtable.h"
#include "file.h"
#include "task.h"
#include "vfs.h"

/* The first thing a spawned task does; user mode follows. */
static void start_program(void *arg)
{
	exec_commit(arg);
}

/* Nobody else knows the new table yet, so its lock is not needed. */
static int give_stdio(struct task *child, struct file *const stdio[3])
{
	int err = fds_open_console(&child->files);

	for (int fd = 0; !err && stdio && fd < 3; fd++) {
		if (!stdio[fd])
			continue;
		file_get(stdio[fd]);
		file_put(child->files->file[fd]);
		child->files->file[fd] = stdio[fd];
	}
	return err;
}

static int give_fresh(struct task *child, struct file *const stdio[3])
{
	child->sighand = sighand_create();
	if (!child->sighand)
		return -ENOMEM;
	child->fs = current->fs ? fs_context_fork(current->fs)
				: fs_context_create();
	if (!child->fs)
		return -ENOMEM;
	return give_stdio(child, stdio);
}

pid_t task_spawn(const char *path, const char *const argv[],
		 const char *const envp[], struct file *const stdio[3])
{
	struct exec *exec;
	struct task *child;
	pid_t pid;
	int err;

	err = exec_prepare_kernel(path, argv, envp, &exec);
	if (err)
		return err;
	child = task_alloc(path, KSTACK_PROGRAM_PAGES);
	if (!child) {
		err = -EAGAIN;
		goto out_exec;
	}
	err = give_fresh(child, stdio);
	if (err)
		goto out_child;
	child->pgid = child->pid;
	child->sig_blocked = 0;
	task_set_comm(child, path);
	pid = child->pid;
	arch_task_init(child, start_program, exec);
	task_publish(child);
	sched_wake(child);
	return pid;

out_child:
	task_discard(child);
out_exec:
	exec_discard(exec);
	return err;
}
