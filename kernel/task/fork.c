/*
 * New tasks from old: fork, vfork, clone.
 *
 * What a child shares with its parent and what it copies; clone chooses:
 *
 *	              fork           vfork           a thread
 *	memory        copy on write  shared          shared
 *	descriptors   copied         copied          shared
 *	handlers      copied         copied          shared
 *	process       a new one      a new one       the same
 *	the parent    goes on        sleeps until    goes on
 *	                             exec or exit
 *
 * Everything that can fail happens before the child is published; until then
 * nobody knows of it and it is simply taken apart again.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>
#include <uapi/sched.h>

#include "arch_task.h"
#include "cred.h"
#include "fdtable.h"
#include "mm.h"
#include "reclaim.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

#define CLONE_SUPPORTED                                                    \
	(CSIGNAL | CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |     \
	 CLONE_VFORK | CLONE_PARENT | CLONE_THREAD | CLONE_SETTLS |        \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | \
	 CLONE_CLEAR_SIGHAND | CLONE_IGNORED)

/* About what there is not: System V semaphores, tracers, I/O contexts. */
#define CLONE_IGNORED                                                      \
	(CLONE_SYSVSEM | CLONE_DETACHED | CLONE_PTRACE | CLONE_UNTRACED |  \
	 CLONE_IO)

/* ---- what the child gets ---- */

static int give_files(struct task *child, bool share)
{
	if (!share) {
		child->files = fds_fork(current->files);
		return child->files ? 0 : -ENOMEM;
	}
	fds_share(current->files);
	child->files = current->files;
	return 0;
}

static int give_fs(struct task *child, bool share)
{
	if (!share) {
		child->fs = fs_context_fork(current->fs);
		return child->fs ? 0 : -ENOMEM;
	}
	fs_context_get(current->fs);
	child->fs = current->fs;
	return 0;
}

static int give_sighand(struct task *child, bool share)
{
	if (!share) {
		child->sighand = sighand_copy(current->sighand);
		return child->sighand ? 0 : -ENOMEM;
	}
	__atomic_fetch_add(&current->sighand->refs, 1, __ATOMIC_RELAXED);
	child->sighand = current->sighand;
	return 0;
}

static int give_mm(struct task *child, bool share)
{
	if (!share) {
		/* Page tables are copied under a lock, and cannot wait there. */
		reclaim_reserve(current->mm->pgtable_frames);
		child->mm = mm_fork(current->mm);
		return child->mm ? 0 : -ENOMEM;
	}
	mm_get(current->mm);
	child->mm = current->mm;
	return 0;
}

void task_discard(struct task *child)
{
	if (child->mm)
		mm_put(child->mm);
	if (child->sighand)
		sighand_put(child->sighand);
	fs_context_put(child->fs);
	if (child->files)
		fds_put(child->files);
	task_free_unpublished(child);
}

static int give_all(struct task *child, uint64_t flags)
{
	int err;

	err = give_files(child, flags & CLONE_FILES);
	if (!err)
		err = give_fs(child, flags & CLONE_FS);
	if (!err)
		err = give_sighand(child, flags & CLONE_SIGHAND);
	if (!err && flags & CLONE_CLEAR_SIGHAND)
		sighand_reset(child->sighand);
	if (!err)
		err = give_mm(child, flags & CLONE_VM);
	return err;
}

/* ---- clone ---- */

static bool flags_valid(uint64_t flags)
{
	if (flags & ~(uint64_t)CLONE_SUPPORTED)
		return false;
	/* Handlers are addresses in memory: sharing them without it is wrong. */
	if (flags & CLONE_SIGHAND &&
	    (!(flags & CLONE_VM) || flags & CLONE_CLEAR_SIGHAND))
		return false;
	/* Threads of one process differ in nothing that others could see. */
	return !(flags & CLONE_THREAD) || flags & CLONE_SIGHAND;
}

/* A thread of the running process, or a child of it or of its parent. */
static void set_kinship(struct task *child, uint64_t flags)
{
	struct task *leader = current->leader;

	if (flags & CLONE_THREAD) {
		list_remove(&child->thread_link);
		child->leader = leader;
		child->tgid = leader->tgid;
		child->exit_signal = 0;
	} else if (flags & CLONE_PARENT) {
		child->parent = leader->parent;
		child->exit_signal = leader->exit_signal;
	} else {
		/* clone(2) takes any number; one that is no signal sends none. */
		child->exit_signal = (flags & CSIGNAL) < NSIG
					     ? (int)(flags & CSIGNAL) : 0;
	}
}

/* The child's registers are the parent's but for what was asked for. */
static void set_registers(struct task *child, const struct clone_args *args)
{
	arch_task_fork(child);
	if (args->stack)
		task_frame(child)->rsp = args->stack;
	if (args->flags & CLONE_SETTLS)
		child->fs_base = args->tls;
}

static void set_tid_words(struct task *child, const struct clone_args *args)
{
	if (args->flags & CLONE_CHILD_CLEARTID)
		child->clear_child_tid = args->child_tid;
	if (args->flags & CLONE_CHILD_SETTID) {
		child->set_child_tid = args->child_tid;
		child->work |= TASK_SET_TID;
	}
}

/*
 * Sleep until @child has no use for our memory. A signal that ends us does not
 * wait for it; others do. We hold a reference to @child.
 */
static void wait_for_vfork(struct task *child)
{
	while (__atomic_load_n(&child->vforking, __ATOMIC_ACQUIRE) &&
	       !signal_fatal_pending()) {
		struct waiter waiter;

		wait_prepare(&current->leader->child_exit, &waiter);
		if (__atomic_load_n(&child->vforking, __ATOMIC_ACQUIRE) &&
		    !signal_fatal_pending())
			schedule();
		wait_finish(&current->leader->child_exit, &waiter);
	}
}

/* Who waits is a thread of the parent, or of the same process. */
void vfork_release_locked(void)
{
	struct task *leader = current->leader;

	if (!current->vforking)
		return;
	current->vforking = false;
	wake_up(&leader->child_exit);
	wake_up(&leader->parent->child_exit);
}

void vfork_release(void)
{
	if (!current->vforking)
		return;
	mutex_lock(&tasklist_lock);
	vfork_release_locked();
	mutex_unlock(&tasklist_lock);
}

/*
 * RLIMIT_NPROC: how many tasks a user may have. Not for root, nor for who may
 * set limits anyway.
 */
static bool too_many_tasks(void)
{
	uint32_t user = current->cred->user.real;
	uint64_t limit = task_rlimit(RLIMIT_NPROC), nr = 0;
	const struct task *task;

	if (!user || capable(CAP_SYS_RESOURCE) || capable(CAP_SYS_ADMIN))
		return false;
	mutex_lock(&tasklist_lock);
	list_for_each(task, &all_tasks, all_link)
		nr += task->cred->user.real == user;
	mutex_unlock(&tasklist_lock);
	return nr >= limit;
}

pid_t task_clone(const struct clone_args *args)
{
	bool vfork = args->flags & CLONE_VFORK;
	struct task *child;
	pid_t pid;
	int err;

	if (!flags_valid(args->flags))
		return -EINVAL;
	if (unlikely(too_many_tasks()))
		return -EAGAIN;
	child = task_alloc(current->comm, KSTACK_PROGRAM_PAGES);
	if (!child)
		return -EAGAIN;
	err = give_all(child, args->flags);
	if (err) {
		task_discard(child);
		return err;
	}
	set_registers(child, args);
	set_tid_words(child, args);
	/* Two who run side by side in one memory cannot share a stack. */
	if ((args->flags & (CLONE_VM | CLONE_VFORK)) != CLONE_VM)
		child->altstack = current->altstack;
	set_kinship(child, args->flags);
	child->vforking = vfork;
	pid = child->pid;
	if (args->flags & CLONE_PARENT_SETTID)
		copy_to_user(args->parent_tid, &pid, sizeof(pid));

	task_get(child);
	task_publish(child);
	sched_wake(child);
	if (vfork)
		wait_for_vfork(child);
	task_put(child);
	return pid;
}
