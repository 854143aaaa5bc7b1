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
#include <uapi/wait.h>

#include "console.h"
#include "env.h"
#include "file.h"
#include "interrupt.h"
#include "job.h"
#include "kmalloc.h"
#include "parse.h"
#include "pipe.h"
#include "printk.h"
#include "string.h"
#include "task.h"
#include "vfs.h"

#define PATH_BYTES 256 /* of a program that is looked for in PATH */

/* A command whose words are expanded and whose redirects are open. */
struct invocation {
	int argc;
	char **argv; /* ends with NULL */
	struct shell_io io;
};

static const char program_name[] = "sh";

__attribute__((format(printf, 2, 3)))
static void complain(struct shell_io *io, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	shell_complain(io, "%s: %s\n", program_name, text);
}

/* ---- streams ---- */

/* Put @file, whose reference it takes over, in place of a stream. */
static void set_stream(struct shell_io *io, int stream, struct file *file)
{
	if (io->stream[stream])
		file_put(io->stream[stream]);
	io->stream[stream] = file;
}

static void copy_streams(struct shell_io *to, const struct shell_io *from)
{
	for (int i = 0; i < 3; i++) {
		if (from->stream[i])
			file_get(from->stream[i]);
		to->stream[i] = from->stream[i];
	}
}

static void close_streams(struct shell_io *io)
{
	for (int i = 0; i < 3; i++)
		set_stream(io, i, NULL);
}

static int open_redirect(struct shell_io *io, const struct redirect *redirect,
			 const char *word)
{
	static const unsigned int flags[] = {
		[REDIRECT_READ] = O_RDONLY,
		[REDIRECT_WRITE] = O_WRONLY | O_CREAT | O_TRUNC,
		[REDIRECT_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
	};
	struct file *file;
	int err = vfs_open(AT_FDCWD, word, flags[redirect->kind], 0666, &file);

	if (err) {
		complain(io, "%s: %s", word, error_text(err));
		return err;
	}
	set_stream(io, redirect->fd, file);
	return 0;
}

static int dup_redirect(struct shell_io *io, const struct redirect *redirect,
			const char *word)
{
	struct file *file;

	if (word[0] < '0' || word[0] > '2' || word[1]) {
		complain(io, "%s: not a stream; only 0, 1 and 2 exist here",
			 word);
		return -EBADF;
	}
	file = io->stream[word[0] - '0'];
	if (file)
		file_get(file);
	set_stream(io, redirect->fd, file);
	return 0;
}

static int apply_redirects(const struct redirect *redirect,
			   struct shell_io *io, struct arena *arena)
{
	int err = 0;

	for (; redirect && !err; redirect = redirect->next) {
		bool vanishes;
		char *word = word_expand(redirect->word, env_get, arena,
					 &vanishes);

		if (!word)
			return -ENOMEM;
		if (redirect->fd > SHELL_STDERR) {
			complain(io, "%d: only the streams 0, 1 and 2 can be "
				 "redirected", redirect->fd);
			return -EBADF;
		}
		if (redirect->kind == REDIRECT_DUP)
			err = dup_redirect(io, redirect, word);
		else
			err = open_redirect(io, redirect, word);
	}
	return err;
}

/* ---- words ---- */

/* Expand the words: first NAME=value ones, then the command and its arguments. */
static int expand_words(const struct command *command, struct arena *arena,
			struct invocation *invocation)
{
	size_t slots = command->nr_words + 1;
	char **overrides = arena_alloc(arena, slots * sizeof(char *));

	invocation->io.overrides = overrides;
	invocation->argv = arena_alloc(arena, slots * sizeof(char *));
	if (!invocation->argv || !overrides)
		return -ENOMEM;
	for (size_t i = 0; i < command->nr_words; i++) {
		bool assignment = !invocation->argc &&
				  word_is_assignment(command->words[i]);
		bool vanishes;
		char *word = word_expand(command->words[i], env_get, arena,
					 &vanishes);

		if (!word)
			return -ENOMEM;
		if (assignment)
			*overrides++ = word;
		else if (!vanishes)
			invocation->argv[invocation->argc++] = word;
	}
	return 0;
}

/*
 * Make @command ready to run on @io. Its streams hold references, which
 * close_streams() drops, also after an error, which has been reported.
 */
static int invocation_init(struct invocation *invocation,
			   const struct command *command,
			   const struct shell_io *io, struct arena *arena)
{
	int err;

	memset(invocation, 0, sizeof(*invocation));
	copy_streams(&invocation->io, io);
	err = expand_words(command, arena, invocation);
	if (!err)
		err = apply_redirects(command->redirects, &invocation->io,
				      arena);
	if (err == -ENOMEM)
		complain(&invocation->io, "%s", error_text(err));
	return err;
}

/* ---- programs ---- */

/* Try each directory of PATH; -ENOENT: none has it. */
static pid_t spawn_from_path(char **argv, const char **envp,
			     struct file *const streams[3])
{
	const char *path = env_get("PATH", strlen("PATH"));
	char full[PATH_BYTES];
	pid_t pid = -ENOENT;

	while (path && *path && pid == -ENOENT) {
		const char *colon = strchr(path, ':');
		int n = colon ? (int)(colon - path) : (int)strlen(path);

		if ((size_t)snprintf(full, sizeof(full), "%.*s/%s", n, path,
				     argv[0]) < sizeof(full))
			pid = task_spawn(full, (const char *const *)argv, envp,
					 streams);
		path = colon ? colon + 1 : NULL;
	}
	return pid;
}

static int report_spawn_error(struct shell_io *io, const char *name, int err)
{
	if (err == -ENOENT && !strchr(name, '/'))
		complain(io, "%s: command not found", name);
	else
		complain(io, "%s: %s", name, error_text(err));
	return err == -ENOENT || err == -ENOTDIR ? EXIT_NOT_FOUND
						  : EXIT_CANNOT_RUN;
}

/* Start a program: its pid, or minus the exit status after a report. */
static pid_t start_program(struct shell_io *io, char **argv)
{
	struct arena arena = { 0 };
	const char **envp = env_array(io->overrides, &arena);
	pid_t pid = -ENOMEM;

	if (envp && strchr(argv[0], '/'))
		pid = task_spawn(argv[0], (const char *const *)argv, envp,
				 io->stream);
	else if (envp && argv[0][0])
		pid = spawn_from_path(argv, envp, io->stream);
	else if (envp)
		pid = -ENOENT;
	arena_free(&arena);
	return pid > 0 ? pid : -report_spawn_error(io, argv[0], pid);
}

/* ---- commands in a task of their own ---- */

/* The body of such a task. The streams go first: others wait for their end. */
static void command_task(void *arg)
{
	struct command_call *call = arg;
	int status = call->command->run(&call->io, call->argc, call->argv);

	close_streams(&call->io);
	task_exit(W_EXITCODE(status, 0));
}

/*
 * A copy of @invocation that outlives the line it was typed on, or NULL. The
 * NAME=value words are left out; the commands that run programs (time, env) are
 * hardly put in the background with them.
 */
static struct command_call *call_create(const struct shell_command *command,
					const struct invocation *invocation)
{
	struct command_call *call = kzalloc(sizeof(*call));
	int argc = invocation->argc;

	if (!call)
		return NULL;
	call->command = command;
	call->argv = arena_alloc(&call->arena,
				 ((size_t)argc + 1) * sizeof(char *));
	for (int i = 0; call->argv && i < argc; i++) {
		const char *word = invocation->argv[i];

		call->argv[i] = arena_strndup(&call->arena, word, strlen(word));
		if (!call->argv[i])
			break;
		call->argc++;
	}
	if (call->argc == argc) {
		copy_streams(&call->io, &invocation->io);
		return call;
	}
	arena_free(&call->arena);
	kfree(call);
	return NULL;
}

static pid_t start_command_task(const struct shell_command *command,
				struct invocation *invocation, struct job *job)
{
	struct command_call *call = call_create(command, invocation);
	struct task *task;

	if (!call)
		goto out_of_memory;
	task = kthread_create(command->name, command_task, call);
	if (!task)
		goto out_call;
	/* It has not run yet: this task has not slept since. */
	fs_context_get(current->fs);
	task->fs = current->fs;
	job_add(job, task->pid, call);
	return task->pid;

out_call:
	close_streams(&call->io);
	arena_free(&call->arena);
	kfree(call);
out_of_memory:
	complain(&invocation->io, "%s: %s", command->name, error_text(-ENOMEM));
	return -EXIT_FAILED;
}

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
	close_streams(&invocation.io);
	return pid;
}

/* In the background nobody types at a program. */
static void use_dev_null(struct shell_io *io)
{
	struct file *file;

	if (!io->stream[SHELL_STDIN] &&
	    !vfs_open(AT_FDCWD, "/dev/null", O_RDONLY, 0, &file))
		set_stream(io, SHELL_STDIN, file);
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

	copy_streams(&io, outer);
	if (pipeline->background)
		use_dev_null(&io);
	for (struct command *command = pipeline->commands; command;
	     command = command->next) {
		struct file *ends[2] = { NULL, NULL };

		set_stream(&io, SHELL_STDOUT, NULL);
		if (command->next) {
			int err = pipe_create(ends, 0);

			if (err) {
				complain(&io, "pipe: %s", error_text(err));
				pid = -EXIT_FAILED;
				break;
			}
			set_stream(&io, SHELL_STDOUT, ends[1]);
		} else if (outer->stream[SHELL_STDOUT]) {
			file_get(outer->stream[SHELL_STDOUT]);
			set_stream(&io, SHELL_STDOUT,
				   outer->stream[SHELL_STDOUT]);
		}
		pid = start_member(job, command, &io, arena);
		set_stream(&io, SHELL_STDIN, ends[0]);
	}
	close_streams(&io);
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
		complain(io, "%s", error_text(-ENOMEM));
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
		if (invocation.io.interrupted) {
			shell_complain(io, "\n"); /* behind the ^C */
			status = EXIT_SIGNAL(SIGINT);
		}
	}
	close_streams(&invocation.io);
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
	bool interrupted = false;

	if (err) {
		complain(&io, "%s", err == -EINVAL ? error : error_text(err));
		last_status = EXIT_USAGE;
		pipeline = NULL;
	}
	for (; pipeline && !interrupted; pipeline = pipeline->next) {
		if (!should_run(pipeline))
			continue;
		run_pipeline(pipeline, text, &io, &arena);
		interrupted = last_status == EXIT_SIGNAL(SIGINT);
	}
	arena_free(&arena);
	return !interrupted;
}
