/*
 * From a parsed line to running tasks.
 *
 *	run_text      a line: pipelines, one after the other, as && and || say
 *	run_pipeline  in the shell itself, or as a job
 *	start_member  one command of a job: a program, or a task for a command
 *
 * A command of the shell runs in the shell's own task when it stands alone in
 * the foreground (cd must work), and in a task of its own otherwise.
 */
#include "run.h"

#include <uapi/errno.h>
#include <uapi/signal.h>

#include "env.h"
#include "file.h"
#include "interrupt.h"
#include "invocation.h"
#include "job.h"
#include "parse.h"
#include "pipe.h"
#include "start.h"
#include "string.h"
#include "vfs.h"

/* ---- jobs ---- */

/* Start one command as a member of @job: its pid, or minus an exit status. */
static pid_t start_member(struct job *job, const struct command *command,
			  const struct shell_io *io, struct arena *arena)
{
	const struct shell_command *builtin;
	struct invocation invocation;
	pid_t pid = -EXIT_FAILED;

	if (invocation_init(&invocation, command, io, arena))
		goto out;
	pid = 0; /* only redirects and assignments: done */
	if (!invocation.argc)
		goto out;
	builtin = shell_command_find(invocation.argv[0]);
	if (builtin) {
		pid = start_command_task(builtin, &invocation, job);
	} else {
		pid = start_program(&invocation.io, invocation.argv);
		if (pid > 0)
			job_add(job, pid, NULL);
	}
out:
	streams_close(&invocation.io);
	return pid;
}

/* In the background nobody types at a program. */
static void use_dev_null(struct shell_io *io)
{
	struct file *file;

	if (!io->stream[SHELL_STDIN] &&
	    !vfs_open(AT_FDCWD, "/dev/null", O_RDONLY, 0, &file))
		stream_set(io, SHELL_STDIN, file);
}

/*
 * Where @command writes: into a pipe, if another command follows, whose other
 * end is then put in *@next_input; else to what surrounds the pipeline.
 */
static int connect_output(struct shell_io *io, const struct command *command,
			  const struct shell_io *outer,
			  struct file **next_input)
{
	struct file *output = outer->stream[SHELL_STDOUT];
	struct file *ends[2];
	int err;

	*next_input = NULL;
	if (!command->next) {
		if (output)
			file_get(output);
		stream_set(io, SHELL_STDOUT, output);
		return 0;
	}
	err = pipe_create(ends, 0);
	if (err)
		return err;
	stream_set(io, SHELL_STDOUT, ends[1]);
	*next_input = ends[0];
	return 0;
}

/*
 * Start all commands of @pipeline, each one's output connected to the next
 * one's input. Returns the last one's pid, 0, or minus an exit status.
 */
static pid_t start_job(struct job *job, const struct pipeline *pipeline,
		       const struct shell_io *outer, struct arena *arena)
{
	struct shell_io io = { 0 };
	pid_t pid = 0;

	streams_copy(&io, outer);
	if (pipeline->background)
		use_dev_null(&io);
	for (struct command *command = pipeline->commands; command;
	     command = command->next) {
		struct file *next_input;
		int err = connect_output(&io, command, outer, &next_input);

		if (err) {
			shell_error(&io, shell_name, "pipe: %s",
				    error_text(err));
			pid = -EXIT_FAILED;
			break;
		}
		pid = start_member(job, command, &io, arena);
		stream_set(&io, SHELL_STDIN, next_input);
	}
	streams_close(&io);
	return pid;
}

static size_t count_commands(const struct pipeline *pipeline)
{
	size_t nr = 0;

	for (struct command *command = pipeline->commands; command;
	     command = command->next)
		nr++;
	return nr;
}

static int run_job(const struct pipeline *pipeline, const char *text,
		   struct shell_io *io, struct arena *arena)
{
	struct job *job = job_create(text + pipeline->text_start,
				     pipeline->text_end - pipeline->text_start,
				     count_commands(pipeline));
	int status;
	pid_t pid;

	if (!job) {
		shell_error(io, shell_name, "%s", error_text(-ENOMEM));
		return EXIT_FAILED;
	}
	pid = start_job(job, pipeline, io, arena);
	if (!job->nr_members) {
		job_free(job);
		return -pid;
	}
	if (!pipeline->background) {
		status = job_wait_foreground(job, io, NULL);
		return pid > 0 ? status : -pid;
	}
	job_put_background(job);
	if (shell_interactive)
		shell_complain(io, "[%d] %d\n", job->number,
			       job->members[job->nr_members - 1].pid);
	return EXIT_OK;
}

/* ---- in the shell's own task ---- */

int run_argv(struct shell_io *io, int argc, char **argv, struct rusage *usage)
{
	const struct shell_command *builtin = shell_command_find(argv[0]);
	struct job *job;
	pid_t pid;

	if (builtin)
		return builtin->run(io, argc, argv);
	job = job_create(argv[0], strlen(argv[0]), 1);
	if (!job)
		return shell_error(io, argv, "%s", error_text(-ENOMEM));
	pid = start_program(io, argv);
	if (pid < 0) {
		job_free(job);
		return -pid;
	}
	job_add(job, pid, NULL);
	return job_wait_foreground(job, io, usage);
}

/* A line of nothing but NAME=value changes variables of the shell itself. */
static int assign_all(struct invocation *invocation)
{
	for (char *const *word = invocation->io.overrides; *word; word++)
		if (env_assign(*word, false))
			return EXIT_FAILED;
	return EXIT_OK;
}

static int run_alone(const struct command *command, struct shell_io *io,
		     struct arena *arena)
{
	struct invocation invocation;
	struct shell_io *before;
	int status = EXIT_FAILED;

	if (!invocation_init(&invocation, command, io, arena)) {
		before = interrupt_target(&invocation.io);
		if (invocation.argc)
			status = run_argv(&invocation.io, invocation.argc,
					  invocation.argv, NULL);
		else
			status = assign_all(&invocation);
		interrupt_target(before);
		if (invocation.io.broken_pipe) {
			status = EXIT_SIGNAL(SIGPIPE);
		} else if (invocation.io.interrupted) {
			io->interrupted = true;
			status = EXIT_SIGNAL(SIGINT);
		}
	}
	streams_close(&invocation.io);
	return status;
}

/* ---- a line ---- */

static bool should_run(const struct pipeline *pipeline)
{
	switch (pipeline->run_if) {
	case RUN_IF_TRUE:
		return last_status == 0;
	case RUN_IF_FALSE:
		return last_status != 0;
	case RUN_ALWAYS:
		break;
	}
	return true;
}

static void run_pipeline(const struct pipeline *pipeline, const char *text,
			 struct shell_io *io, struct arena *arena)
{
	jobs_reap();
	if (pipeline->background || pipeline->commands->next)
		last_status = run_job(pipeline, text, io, arena);
	else
		last_status = run_alone(pipeline->commands, io, arena);
}

bool run_text(const char *text)
{
	char error[PARSE_ERROR_BYTES];
	struct shell_io io = { 0 };
	struct arena arena = { 0 };
	struct pipeline *pipeline;
	int err = parse_line(text, &arena, &pipeline, error);

	if (err) {
		shell_error(&io, shell_name, "%s",
			    err == -EINVAL ? error : error_text(err));
		last_status = EXIT_USAGE;
		pipeline = NULL;
	}
	for (; pipeline && !io.interrupted; pipeline = pipeline->next)
		if (should_run(pipeline))
			run_pipeline(pipeline, text, &io, &arena);
	arena_free(&arena);
	return !io.interrupted;
}
