/*
 * A wake-up of the shell's child_exit queue means either that a child has ended
 * or that Ctrl-C was typed; both are looked at after each one.
 */
#include "job.h"

#include <uapi/signal.h>
#include <uapi/wait.h>

#include "interrupt.h"
#include "kmalloc.h"
#include "sched.h"
#include "string.h"
#include "task.h"
#include "tty.h"

/* Jobs in the background, by number. */
static struct job *jobs;

/* ---- one job ---- */

struct job *job_create(const char *text, size_t length, size_t max_members)
{
	struct job *job = kzalloc(sizeof(*job) +
				  max_members * sizeof(job->members[0]));

	if (!job)
		return NULL;
	job->text = kzalloc(length + 1);
	if (!job->text) {
		kfree(job);
		return NULL;
	}
	memcpy(job->text, text, length);
	return job;
}

void job_free(struct job *job)
{
	for (size_t i = 0; i < job->nr_members; i++) {
		struct command_call *call = job->members[i].call;

		if (call) {
			arena_free(&call->arena);
			kfree(call);
		}
	}
	kfree(job->text);
	kfree(job);
}

void job_add(struct job *job, int32_t pid, struct command_call *call)
{
	job->members[job->nr_members++] = (struct job_member){
		.pid = pid, .running = true, .call = call,
	};
	job->nr_running++;
}

int exit_status_of(int wait_status)
{
	if (WIFSIGNALED(wait_status))
		return EXIT_SIGNAL(WTERMSIG(wait_status));
	return WEXITSTATUS(wait_status);
}

static int last_member_status(const struct job *job)
{
	return job->nr_members ? job->members[job->nr_members - 1].status : 0;
}

/* Stop a command; it may be waiting for a program that it has started. */
static void interrupt_command(struct job_member *member)
{
	struct task *task;

	member->call->io.interrupted = true;
	mutex_lock(&tasklist_lock);
	task = task_find_locked(member->pid);
	if (task)
		wake_up(&task->child_exit);
	mutex_unlock(&tasklist_lock);
}

/* Ctrl-C: a program's whole process group gets the signal. */
static void job_interrupt(struct job *job)
{
	for (size_t i = 0; i < job->nr_members; i++) {
		struct job_member *member = &job->members[i];

		if (!member->running)
			continue;
		if (member->call)
			interrupt_command(member);
		else
			signal_kill(-member->pid, SIGINT);
	}
}

/* ---- children that end ---- */

static void add_time(struct timeval *sum, const struct timeval *time)
{
	sum->tv_sec += time->tv_sec;
	sum->tv_usec += time->tv_usec;
	if (sum->tv_usec >= 1000000) {
		sum->tv_usec -= 1000000;
		sum->tv_sec++;
	}
}

static void add_usage(struct rusage *sum, const struct rusage *usage)
{
	add_time(&sum->ru_utime, &usage->ru_utime);
	add_time(&sum->ru_stime, &usage->ru_stime);
	sum->ru_minflt += usage->ru_minflt;
	sum->ru_majflt += usage->ru_majflt;
	if (usage->ru_maxrss > sum->ru_maxrss)
		sum->ru_maxrss = usage->ru_maxrss;
}

static struct job_member *running_member(struct job *job, int32_t pid)
{
	for (size_t i = 0; i < job->nr_members; i++)
		if (job->members[i].running && job->members[i].pid == pid)
			return &job->members[i];
	return NULL;
}

static bool member_ended(struct job *job, int32_t pid, int status,
			 const struct rusage *usage)
{
	struct job_member *member = running_member(job, pid);

	if (!member)
		return false;
	member->running = false;
	member->status = status;
	job->nr_running--;
	add_usage(&job->usage, usage);
	return true;
}

/* Take note of all children that have ended; @foreground may be NULL. */
static void reap(struct job *foreground)
{
	struct rusage usage;
	int status;
	pid_t pid;

	while ((pid = task_wait(-1, &status, WNOHANG, &usage)) > 0) {
		struct job *job = jobs;

		if (foreground && member_ended(foreground, pid, status, &usage))
			continue;
		while (job && !member_ended(job, pid, status, &usage))
			job = job->next;
	}
}

void jobs_reap(void)
{
	reap(NULL);
}

/* A condition for wait_event(): reaps first, so that nothing is missed. */
static bool job_changed(struct job *job, const struct shell_io *io)
{
	reap(job);
	return !job->nr_running || io->interrupted;
}

/* ---- foreground ---- */

/* What Linux's shells print when a signal has ended a program. */
static const char *const signal_words[] = {
	[SIGHUP] = "Hangup",
	[SIGINT] = "Interrupt",
	[SIGQUIT] = "Quit",
	[SIGILL] = "Illegal instruction",
	[SIGTRAP] = "Trace/breakpoint trap",
	[SIGABRT] = "Aborted",
	[SIGBUS] = "Bus error",
	[SIGFPE] = "Floating point exception",
	[SIGKILL] = "Killed",
	[SIGUSR1] = "User defined signal 1",
	[SIGSEGV] = "Segmentation fault",
	[SIGUSR2] = "User defined signal 2",
	[SIGPIPE] = "Broken pipe",
	[SIGALRM] = "Alarm clock",
	[SIGTERM] = "Terminated",
	[SIGXCPU] = "CPU time limit exceeded",
	[SIGXFSZ] = "File size limit exceeded",
	[SIGSYS] = "Bad system call",
};

static void report_signal(struct shell_io *io, int status)
{
	unsigned int sig = (unsigned int)WTERMSIG(status);

	if (!WIFSIGNALED(status) || sig == SIGPIPE || sig == SIGINT)
		return;
	if (sig < ARRAY_SIZE(signal_words) && signal_words[sig])
		shell_complain(io, "%s\n", signal_words[sig]);
	else
		shell_complain(io, "Signal %u\n", sig);
}

int job_wait_foreground(struct job *job, struct shell_io *io,
			struct rusage *usage)
{
	struct shell_io *outer = interrupt_target(io);
	bool interrupted = false;
	int status;

	for (;;) {
		(void)wait_event(&current->child_exit, job_changed(job, io));
		if (!job->nr_running)
			break;
		io->interrupted = false;
		interrupted = true;
		job_interrupt(job);
	}
	interrupt_target(outer);
	tty_reset();
	status = last_member_status(job);
	report_signal(io, status);
	if (interrupted && WTERMSIG(status) == SIGINT)
		io->interrupted = true;
	if (usage)
		*usage = job->usage;
	job_free(job);
	return exit_status_of(status);
}

/* ---- background ---- */

void job_put_background(struct job *job)
{
	struct job **tail = &jobs;

	job->number = 1;
	while (*tail) {
		job->number = (*tail)->number + 1;
		tail = &(*tail)->next;
	}
	*tail = job;
}

static void unlink_and_free(struct job **link)
{
	struct job *job = *link;

	*link = job->next;
	job_free(job);
}

static void print_job(struct shell_io *io, const struct job *job)
{
	int status = last_member_status(job);
	unsigned int sig = (unsigned int)WTERMSIG(status);

	shell_complain(io, "[%d] ", job->number);
	if (job->nr_running)
		shell_complain(io, "Running");
	else if (WIFEXITED(status) && !WEXITSTATUS(status))
		shell_complain(io, "Done");
	else if (WIFEXITED(status))
		shell_complain(io, "Exit %d", WEXITSTATUS(status));
	else if (sig < ARRAY_SIZE(signal_words) && signal_words[sig])
		shell_complain(io, "%s", signal_words[sig]);
	else
		shell_complain(io, "Signal %u", sig);
	shell_complain(io, "\t%s\n", job->text);
}

static void print_and_forget(struct shell_io *io, bool running_too)
{
	struct job **link = &jobs;

	jobs_reap();
	while (*link) {
		bool ended = !(*link)->nr_running;

		if (ended || running_too)
			print_job(io, *link);
		if (ended)
			unlink_and_free(link);
		else
			link = &(*link)->next;
	}
}

void jobs_report(struct shell_io *io)
{
	print_and_forget(io, false);
}

void jobs_list(struct shell_io *io)
{
	print_and_forget(io, true);
}

struct job *job_with_pid(int32_t pid)
{
	for (struct job *job = jobs; job; job = job->next)
		for (size_t i = 0; i < job->nr_members; i++)
			if (job->members[i].pid == pid)
				return job;
	return NULL;
}

struct job *job_with_number(int number)
{
	struct job *job = jobs;

	while (job && job->number != number)
		job = job->next;
	return job;
}

struct job *job_newest(void)
{
	struct job *job = jobs;

	while (job && job->next)
		job = job->next;
	return job;
}

int job_wait_background(struct job *job, struct shell_io *io)
{
	struct job **link = &jobs;
	int status;

	(void)wait_event(&current->child_exit, job_changed(job, io));
	if (job->nr_running)
		return EXIT_SIGNAL(SIGINT);
	status = exit_status_of(last_member_status(job));
	while (*link != job)
		link = &(*link)->next;
	unlink_and_free(link);
	return status;
}

bool job_interrupt_command(int32_t pid)
{
	struct job *job = job_with_pid(pid);
	struct job_member *member = job ? running_member(job, pid) : NULL;

	if (!member || !member->call)
		return false;
	interrupt_command(member);
	return true;
}
