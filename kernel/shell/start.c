/*
 * Programs are looked for in PATH; commands of the shell get a kernel task when
 * the shell's own must not wait for them.
 */
#include "start.h"

#include <uapi/errno.h>
#include <uapi/signal.h>
#include <uapi/wait.h>

#include "env.h"
#include "kmalloc.h"
#include "printk.h"
#include "run.h"
#include "string.h"
#include "task.h"
#include "vfs.h"

#define PATH_BYTES 256 /* of a program that is looked for in PATH */

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
		shell_error(io, shell_name, "%s: command not found", name);
	else
		shell_error(io, shell_name, "%s: %s", name, error_text(err));
	return err == -ENOENT || err == -ENOTDIR ? EXIT_NOT_FOUND
						  : EXIT_CANNOT_RUN;
}

pid_t start_program(struct shell_io *io, char **argv)
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

/*
 * The body of such a task. The streams go first: others wait for their end. No
 * signal reaches a kernel task, but its status should not tell it from a program.
 */
static void command_task(void *arg)
{
	struct command_call *call = arg;
	int status = call->command->run(&call->io, call->argc, call->argv);

	streams_close(&call->io);
	if (call->io.broken_pipe)
		task_exit(W_EXITCODE(0, SIGPIPE));
	if (call->io.interrupted)
		task_exit(W_EXITCODE(0, SIGINT));
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
		streams_copy(&call->io, &invocation->io);
		return call;
	}
	arena_free(&call->arena);
	kfree(call);
	return NULL;
}

pid_t start_command_task(const struct shell_command *command,
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
	streams_close(&call->io);
	arena_free(&call->arena);
	kfree(call);
out_of_memory:
	shell_error(&invocation->io, shell_name, "%s: %s", command->name,
		    error_text(-ENOMEM));
	return -EXIT_FAILED;
}
