/*
 * wait4: take the status of a child that has exited, stopped or gone on.
 */
#include <uapi/errno.h>
#include <uapi/wait.h>

#include "panic.h"
#include "task.h"

#define WAIT_OPTIONS                                                       \
	(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | (int)__WCLONE |  \
	 __WALL)

struct wait_request {
	pid_t pid;
	int options;
	int status;          /* out */
	struct rusage *usage; /* out; may be NULL */
};

static bool matches(const struct wait_request *request, const struct task *child)
{
	bool clone_child = child->exit_signal != SIGCHLD;
	bool wants_clone = request->options & (int)__WCLONE;

	if (clone_child != wants_clone && !(request->options & __WALL))
		return false;
	if (request->pid > 0)
		return child->pid == request->pid;
	if (request->pid == -1)
		return true;
	return child->pgid == (request->pid ? -request->pid : current->pgid);
}

static pid_t reap_locked(struct wait_request *request, struct task *child)
{
	pid_t pid = child->pid;

	request->status = child->exit_status;
	if (request->usage)
		usage_both(child, request->usage);
	usage_reap_locked(current, child);
	task_unpublish_locked(child);
	task_put(child);
	return pid;
}

/* Whether there is news of a stop or a continue that the caller asked for. */
static bool has_stop_news(const struct wait_request *request,
			  const struct task *child)
{
	int wanted = child->stop_status == W_CONTINUED ? WCONTINUED : WUNTRACED;

	return child->stop_status && request->options & wanted;
}

static pid_t report_stop_locked(struct wait_request *request,
				struct task *child)
{
	request->status = child->stop_status;
	child->stop_status = 0;
	if (request->usage)
		usage_both(child, request->usage);
	return child->pid;
}

/* A child's pid with its news, 0: none has any yet, -ECHILD: none matches. */
static pid_t scan_locked(struct wait_request *request)
{
	struct task *child;
	bool found = false;

	list_for_each(child, &current->children, sibling) {
		if (!matches(request, child))
			continue;
		found = true;
		if (child->state == TASK_ZOMBIE)
			return reap_locked(request, child);
		if (has_stop_news(request, child))
			return report_stop_locked(request, child);
	}
	return found ? 0 : -ECHILD;
}

static pid_t scan(struct wait_request *request)
{
	pid_t pid;

	mutex_lock(&tasklist_lock);
	pid = scan_locked(request);
	mutex_unlock(&tasklist_lock);
	return pid;
}

pid_t task_wait(pid_t pid, int *status, int options, struct rusage *usage)
{
	struct wait_request request = {
		.pid = pid,
		.options = options,
		.usage = usage,
	};
	pid_t result;
	int err;

	if (options & ~WAIT_OPTIONS)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH; /* has no opposite */
	err = wait_event(&current->child_exit,
			 (result = scan(&request)) != 0 ||
				 options & WNOHANG);
	if (err)
		return err;
	if (result > 0 && status)
		*status = request.status;
	return result;
}
