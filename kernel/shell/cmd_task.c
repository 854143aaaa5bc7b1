/*
 * Other tasks: kill, wait, jobs, maps, sleep, time.
 */
#include "commands.h"

#include <uapi/errno.h>
#include <uapi/signal.h>

#include "job.h"
#include "mm.h"
#include "proc.h"
#include "run.h"
#include "signal_names.h"
#include "string.h"
#include "task.h"
#include "text.h"
#include "timer.h"

/* ---- kill ---- */

static int list_signals(struct shell_io *io, int argc, char **argv)
{
	if (argc > 2) {
		int sig = signal_number(argv[2]);
		const char *name = signal_name(sig);

		if (!name)
			return shell_usage_error(io, argv,
						 "unknown signal '%s'",
						 argv[2]);
		if (argv[2][0] >= '0' && argv[2][0] <= '9')
			shell_printf(io, "%s\n", name);
		else
			shell_printf(io, "%d\n", sig);
		return EXIT_OK;
	}
	for (int sig = 1; signal_name(sig); sig++)
		shell_printf(io, "%s%s", signal_name(sig),
			     sig % 16 && signal_name(sig + 1) ? " " : "\n");
	return EXIT_OK;
}

/* Whether @pid is a task of the kernel, which takes no signals. */
static bool is_kernel_task(pid_t pid)
{
	struct task *task;
	bool kernel;

	mutex_lock(&tasklist_lock);
	task = task_find_locked(pid);
	kernel = task && task->in_kernel_only;
	mutex_unlock(&tasklist_lock);
	return kernel;
}

static int kill_pid(struct shell_io *io, char **argv, pid_t pid, int sig)
{
	int err;

	if (sig && job_interrupt_command(pid))
		return EXIT_OK;
	if (is_kernel_task(pid))
		return shell_error(io, argv, "(%d): a task of the kernel takes "
					     "no signals", pid);
	err = signal_kill(pid, sig);
	if (err)
		return shell_error(io, argv, "(%d): %s", pid, error_text(err));
	return EXIT_OK;
}

static int kill_job(struct shell_io *io, char **argv, const char *word, int sig)
{
	uint64_t number;
	struct job *job = NULL;
	int status = EXIT_OK;

	if (parse_number(word + 1, &number) && number <= INT32_MAX)
		job = job_with_number((int)number);
	if (!job)
		return shell_error(io, argv, "%s: no such job; type: jobs",
				   word);
	for (size_t i = 0; i < job->nr_members; i++)
		if (job->members[i].running)
			status |= kill_pid(io, argv, job->members[i].pid, sig);
	return status;
}

/* A PID, or with a dash a process group, or a job. */
static int kill_word(struct shell_io *io, char **argv, const char *word,
		     int sig)
{
	bool group = word[0] == '-';
	pid_t pid;

	if (word[0] == '%')
		return kill_job(io, argv, word, sig);
	if (!parse_pid(word + group, &pid))
		return shell_error(io, argv,
				   "'%s' is not a PID; to see them type: ps -e",
				   word);
	return kill_pid(io, argv, group ? -pid : pid, sig);
}

int cmd_kill(struct shell_io *io, int argc, char **argv)
{
	const char *name = "TERM";
	int index = 1, status = EXIT_OK, sig;

	if (argc > 1 && !strcmp(argv[1], "-l"))
		return list_signals(io, argc, argv);
	if (argc > 2 && !strcmp(argv[1], "-s")) {
		name = argv[2];
		index = 3;
	} else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--")) {
		name = argv[1] + 1;
		index = 2;
	}
	if (index < argc && !strcmp(argv[index], "--"))
		index++;
	sig = signal_number(name);
	if (sig < 0)
		return shell_error(io, argv,
				   "unknown signal '%s'; to see them type: "
				   "kill -l", name);
	if (index == argc)
		return shell_usage_error(io, argv, "no PID given");
	for (; index < argc; index++)
		status |= kill_word(io, argv, argv[index], sig);
	return status;
}

/* ---- wait, jobs ---- */

int cmd_jobs(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	jobs_list(io);
	return EXIT_OK;
}

/* The job that @word names, reported if there is none. */
static struct job *find_job(struct shell_io *io, char **argv, const char *word)
{
	struct job *job = NULL;
	bool by_number = word[0] == '%';
	int32_t number;

	if (!parse_pid(word + by_number, &number)) {
		shell_usage_error(io, argv, "'%s' is neither PID nor %%JOB",
				  word);
		return NULL;
	}
	job = by_number ? job_with_number(number) : job_with_pid(number);
	if (!job)
		shell_error(io, argv, "%s is not a job of this shell; to see "
				      "them type: jobs", word);
	return job;
}

int cmd_wait(struct shell_io *io, int argc, char **argv)
{
	struct job *job;
	int status = EXIT_OK;

	for (int i = 1; i < argc; i++) {
		job = find_job(io, argv, argv[i]);
		status = job ? job_wait_background(job, io) : EXIT_NOT_FOUND;
	}
	while (argc == 1 && !io->interrupted && (job = job_newest()))
		job_wait_background(job, io);
	return status;
}

/* ---- maps ---- */

static struct mm_struct *find_mm(struct shell_io *io, char **argv, pid_t pid)
{
	struct mm_struct *mm = NULL;
	struct task *task;

	mutex_lock(&tasklist_lock);
	task = task_find_locked(pid);
	if (task)
		mm = task_mm_get_locked(task);
	mutex_unlock(&tasklist_lock);
	if (!task)
		shell_error(io, argv, "(%d): %s; to see them type: ps -e", pid,
			    error_text(-ESRCH));
	else if (!mm)
		shell_error(io, argv, "(%d) has no address space: it belongs "
				      "to the kernel or has exited", pid);
	return mm;
}

int cmd_maps(struct shell_io *io, int argc, char **argv)
{
	struct text text = { 0 };
	struct mm_struct *mm;
	pid_t pid;
	int err;

	if (argc != 2)
		return shell_usage_error(io, argv, "give one PID");
	if (!parse_pid(argv[1], &pid))
		return shell_error(io, argv,
				   "'%s' is not a PID; to see them type: ps -e",
				   argv[1]);
	mm = find_mm(io, argv, pid);
	if (!mm)
		return EXIT_FAILED;
	err = proc_format_maps(mm, text_append, &text);
	mm_put(mm);
	if (!err)
		err = shell_write(io, SHELL_STDOUT, text.bytes, text.length);
	text_free(&text);
	return err ? shell_error(io, argv, "%s", error_text(err)) : EXIT_OK;
}

/* ---- sleep ---- */

#define SLEEP_MAX_SECONDS 1000000000UL

/* "1.5" in nanoseconds. False: not a number of seconds. */
static bool parse_seconds(const char *text, uint64_t *ns)
{
	uint64_t whole = 0, fraction = 0, unit = NSEC_PER_SEC;
	bool any = false;

	for (; *text >= '0' && *text <= '9'; text++, any = true)
		if (whole < SLEEP_MAX_SECONDS)
			whole = whole * 10 + (uint64_t)(*text - '0');
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, any = true) {
			unit /= 10;
			fraction += (uint64_t)(*text - '0') * unit;
		}
	if (whole > SLEEP_MAX_SECONDS)
		whole = SLEEP_MAX_SECONDS;
	*ns = whole * NSEC_PER_SEC + fraction;
	return any && !*text;
}

int cmd_sleep(struct shell_io *io, int argc, char **argv)
{
	uint64_t start = ktime_ns(), ns;

	if (argc != 2)
		return shell_usage_error(io, argv, "give one number of seconds");
	if (!parse_seconds(argv[1], &ns))
		return shell_usage_error(io, argv,
					 "'%s' is not a number of seconds",
					 argv[1]);
	if (shell_sleep_until(io, start + ns))
		return EXIT_SIGNAL(SIGINT);
	return EXIT_OK;
}

/* ---- time ---- */

static void print_time(struct shell_io *io, const char *label, uint64_t ns)
{
	uint64_t ms = ns / 1000000;

	shell_complain(io, "%s\t%lum%lu.%03lus\n", label, ms / 60000,
		       ms / 1000 % 60, ms % 1000);
}

static uint64_t timeval_ns(const struct timeval *time)
{
	return (uint64_t)time->tv_sec * NSEC_PER_SEC +
	       (uint64_t)time->tv_usec * 1000;
}

int cmd_time(struct shell_io *io, int argc, char **argv)
{
	struct rusage usage = { 0 };
	uint64_t start = ktime_ns();
	int status;

	if (argc < 2)
		return shell_usage_error(io, argv, "no command given");
	status = run_argv(io, argc - 1, argv + 1, &usage);
	shell_complain(io, "\n");
	print_time(io, "real", ktime_ns() - start);
	print_time(io, "user", timeval_ns(&usage.ru_utime));
	print_time(io, "sys", timeval_ns(&usage.ru_stime));
	shell_complain(io, "\tMaximum resident set size (kbytes): %ld\n",
		       usage.ru_maxrss);
	shell_complain(io, "\tMajor (requiring I/O) page faults: %ld\n",
		       usage.ru_majflt);
	shell_complain(io, "\tMinor (reclaiming a frame) page faults: %ld\n",
		       usage.ru_minflt);
	return status;
}
