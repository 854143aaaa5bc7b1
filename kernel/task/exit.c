/*
 * The end of a task.
 *
 * Everything it holds goes back at once: memory, files, handlers. What remains
 * of a process for its parent is the leader's struct, a zombie; the kernel stack,
 * on which this code itself runs, is freed by whoever runs next.
 */
#include <uapi/errno.h>
#include <uapi/futex.h>
#include <uapi/wait.h>

#include "fdtable.h"
#include "futex.h"
#include "mm.h"
#include "panic.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

static void clear_and_wake(vaddr_t tid)
{
	pid_t none = 0;

	if (!copy_to_user(tid, &none, sizeof(none)))
		futex_wake(tid, false, 1, FUTEX_BITSET_MATCH_ANY);
}

/* A thread library may want to know; only of use while others share the mm. */
static void clear_tid(void)
{
	if (current->clear_child_tid && current->mm->refs > 1)
		clear_and_wake(current->clear_child_tid);
}

void task_leave_mm(void)
{
	struct mm_struct *mm = current->mm;

	if (!mm)
		return;
	robust_list_exit();
	clear_tid();
	if (mm->max_rss > current->max_rss_pages)
		current->max_rss_pages = mm->max_rss;
	current->mm = NULL;
	mm_switch(NULL);
	mm_put(mm);
}

static void leave_files(void)
{
	struct files *files = current->files;
	struct fs_context *fs = current->fs;

	current->files = NULL;
	current->fs = NULL;
	if (files)
		fds_put(files);
	fs_context_put(fs);
}

static void leave_sighand(void)
{
	struct task *task = current;
	unsigned long irq = spin_lock_irqsave(&sig_lock);
	struct sighand *sighand = task->sighand;

	task->sighand = NULL; /* no more signals */
	signal_drop_locked(task->leader, &task->pending, ~0UL);
	signal_retarget_locked(task, ~0UL);
	spin_unlock_irqrestore(&sig_lock, irq);
	if (sighand)
		sighand_put(sighand);
}

/* Who takes in the children of @task: an ancestor that wants to, or process 1. */
static struct task *find_reaper_locked(const struct task *task)
{
	struct task *ancestor = task->parent;

	while (ancestor && ancestor->pid != PID_INIT &&
	       ancestor != ancestor->parent) {
		if (ancestor->subreaper && ancestor->nr_running)
			return ancestor;
		ancestor = ancestor->parent;
	}
	return task_find_locked(PID_INIT);
}

static void adopt_locked(struct task *child, struct task *reaper)
{
	struct task *thread;

	list_remove(&child->sibling);
	list_push_back(&reaper->children, &child->sibling);
	child->parent = reaper;
	child->vforking = false;
	child->exit_signal = SIGCHLD;
	list_for_each(thread, &child->threads, thread_link)
		if (thread->death_signal)
			signal_send_thread(thread, thread->death_signal);
	if (!child->nr_running)
		wake_up(&reaper->child_exit);
}

static void reparent_children_locked(struct task *task)
{
	struct task *reaper = find_reaper_locked(task);
	struct task *child, *next;

	KASSERT(task != reaper);
	list_for_each_safe(child, next, &task->children, sibling)
		adopt_locked(child, reaper);
}

/*
 * Whether the parent does not want to hear of @task: it ignores SIGCHLD or has
 * set SA_NOCLDWAIT. Then nobody will wait, and no zombie is left.
 */
static bool parent_declines_locked(const struct task *task)
{
	struct kernel_sigaction action = signal_action(task->parent, SIGCHLD);

	return task->exit_signal == SIGCHLD &&
	       (action.handler == SIG_IGN || action.flags & SA_NOCLDWAIT);
}

static void tell_parent_locked(struct task *task, int sig, int status)
{
	struct siginfo info;

	wait_fill_info(&info, task, status);
	info.si_signo = sig;
	signal_send_info(task->parent, &info);
}

/* A process is a zombie now, or less than that; the parent hears of it. */
static void notify_parent_locked(struct task *task)
{
	struct task *parent = task->parent;

	if (task->exit_signal)
		tell_parent_locked(task, task->exit_signal, task->exit_status);
	if (parent_declines_locked(task)) {
		task_unpublish_locked(task);
		task_put(task);
	}
	wake_up(&parent->child_exit);
}

/*
 * The last thread has ended, with @status: that is the process's, unless all were
 * told to end. What belonged to no thread but to all goes back now.
 */
static void end_process_locked(struct task *leader, int status)
{
	unsigned long irq;

	itimer_stop(leader);
	irq = spin_lock_irqsave(&sig_lock);
	if (!leader->exiting)
		leader->exit_status = status;
	signal_drop_all_locked(leader, ~0UL);
	spin_unlock_irqrestore(&sig_lock, irq);
	reparent_children_locked(leader);
	notify_parent_locked(leader);
}

void thread_exit(int status)
{
	struct task *leader = current->leader;

	KASSERT(current->pid != PID_INIT && current != &boot_task);
	task_leave_mm();
	leave_files();
	leave_sighand();

	mutex_lock(&tasklist_lock);
	vfork_release_locked();
	if (thread_group_leave_locked())
		end_process_locked(leader, status);
	mutex_unlock(&tasklist_lock);

	schedule();
	panic("a task that has ended runs again");
}

void task_exit(int status)
{
	thread_group_exit(status);
	thread_exit(status);
}

void task_check_stop_locked(struct task *leader)
{
	if (!leader->stopped || !leader->nr_stopped ||
	    leader->nr_stopped != leader->nr_running)
		return;
	leader->stop_status = W_STOPCODE(leader->stop_signal);
	task_report_stop_locked(leader, leader->stop_status);
}

void task_report_stop_locked(struct task *leader, int status)
{
	struct task *parent = leader->parent;

	assert_held(&tasklist_lock);
	if (!(signal_action(parent, SIGCHLD).flags & SA_NOCLDSTOP))
		tell_parent_locked(leader, SIGCHLD, status);
	wake_up(&parent->child_exit);
}
