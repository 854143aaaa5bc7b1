/*
 * wait4 and waitid: take the status of a child that has exited, stopped or gone on.
 */
#include <uapi/errno.h>
#include <uapi/time.h>
#include <uapi/wait.h>

#include "cred.h"
#include "panic.h"
#include "task.h"
#include "timer.h"

#define WAIT_OPTIONS                                                       \
	(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | (int)__WCLONE |  \
	 __WALL)

static bool matches(const struct wait_request *request, const struct task *child)
{
	bool clone_child = child->exit_signal != SIGCHLD;
	bool wants_clone = request->options & (int)__WCLONE;

	if (clone_child != wants_clone && !(request->options & __WALL))
		return false;
	switch (request->type) {
	case P_PID:
		return child->pid == request->id;
	case P_PGID:
		return child->pgid == request->id;
	default:
		return true;
	}
}

/* CLD_*, and the number that goes with it. */
static int decode_status(int status, int *number)
{
	if (status == W_CONTINUED) {
		*number = SIGCONT;
		return CLD_CONTINUED;
	}
	if (WIFSTOPPED(status)) {
		*number = WSTOPSIG(status);
		return CLD_STOPPED;
	}
	if (WIFEXITED(status)) {
		*number = WEXITSTATUS(status);
		return CLD_EXITED;
	}
	*number = WTERMSIG(status);
	return CLD_KILLED;
}

void wait_fill_info(struct siginfo *info, const struct task *child, int status)
{
	struct task_usage used = usage_of_process_locked(child);
	int number;

	*info = (struct siginfo){ .si_signo = SIGCHLD };
	info->si_code = decode_status(status, &number);
	info->si_pid = child->tgid;
	info->si_uid = child->cred->user.real;
	info->si_status = number;
	info->si_utime = (long)(used.utime_ns / (NSEC_PER_SEC / USER_HZ));
	info->si_stime = (long)(used.stime_ns / (NSEC_PER_SEC / USER_HZ));
}

static pid_t report_locked(struct wait_request *request, struct task *child,
			   int status)
{
	request->pid = child->pid;
	request->status = status;
	wait_fill_info(&request->info, child, status);
	if (request->usage)
		usage_both_locked(child, request->usage);
	return request->pid;
}

static pid_t reap_locked(struct wait_request *request, struct task *child)
{
	pid_t pid = report_locked(request, child, child->exit_status);

	if (request->options & WNOWAIT)
		return pid;
	usage_reap_locked(current->leader, child);
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
	pid_t pid = report_locked(request, child, child->stop_status);

	if (!(request->options & WNOWAIT))
		child->stop_status = 0;
	return pid;
}

/* A child's pid with its news, 0: none has any yet, -ECHILD: none matches. */
static pid_t scan_locked(struct wait_request *request)
{
	struct task *child;
	bool found = false;

	list_for_each(child, &current->leader->children, sibling) {
		if (!matches(request, child))
			continue;
		found = true;
		if (!child->nr_running && request->options & WEXITED)
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

int task_wait_request(struct wait_request *request)
{
	int result, err;

	err = wait_event(&current->leader->child_exit,
			 (result = scan(request)) != 0 ||
				 request->options & WNOHANG);
	if (err)
		return err;
	return result < 0 ? result : 0;
}

pid_t task_wait(pid_t pid, int *status, int options, struct rusage *usage)
{
	struct wait_request request;
	int err;

	if (options & ~WAIT_OPTIONS)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH; /* has no opposite */
	request = (struct wait_request){
		.type = pid == -1 ? P_ALL : pid > 0 ? P_PID : P_PGID,
		.id = pid > 0 ? pid : pid ? -pid : current->leader->pgid,
		.options = options | WEXITED,
		.usage = usage,
	};
	err = task_wait_request(&request);
	if (err)
		return err;
	if (request.pid && status)
		*status = request.status;
	return request.pid;
}
