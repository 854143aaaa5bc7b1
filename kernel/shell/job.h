/*
 * Jobs: the tasks of one pipeline, from their start until they have been waited
 * for, in the foreground or in the background.
 *
 * A member of a job is a program, or a command of the shell that runs in a
 * kernel task of its own because it is piped or in the background. The shell is
 * process 1, so orphans become its children too and are reaped here.
 */
#pragma once

#include <uapi/resource.h>

#include "arena.h"
#include "cmd.h"
#include "types.h"

/* A command of the shell in a task of its own; its job owns this. */
struct command_call {
	struct arena arena; /* holds argv */
	const struct shell_command *command;
	int argc;
	char **argv;
	struct shell_io io; /* references to its streams, until it ends */
};

struct job_member {
	int32_t pid;
	bool running;
	int status;                /* as wait4 reports it, once ended */
	struct command_call *call; /* NULL: a program */
};

struct job {
	int number; /* 1 and up in the background; 0: foreground */
	char *text; /* what was typed */
	size_t nr_members, nr_running;
	struct rusage usage; /* of members that have ended, added up */
	struct job *next;
	struct job_member members[]; /* in the order of the pipe */
};

/* An empty job with room for @max_members; @text is copied. NULL: no memory. */
struct job *job_create(const char *text, size_t length, size_t max_members);

/* The task @pid, started just now, belongs to @job. */
void job_add(struct job *job, int32_t pid, struct command_call *call);

/*
 * Wait until all of @job has ended, passing Ctrl-C on to it, then free it.
 * Returns the exit status of its last member and says on @io if a signal ended
 * that; @io->interrupted is set if that was Ctrl-C. *@usage, if not NULL, is what
 * all members used.
 */
int job_wait_foreground(struct job *job, struct shell_io *io,
			struct rusage *usage);

/* Keep @job in the list of background jobs and give it a number. */
void job_put_background(struct job *job);

/* Forget an empty job. */
void job_free(struct job *job);

/* Take note of all children that have ended by now. */
void jobs_reap(void);

/* Print each background job that has ended, and forget it. */
void jobs_report(struct shell_io *io);

/* Print all background jobs; forget those that have ended. */
void jobs_list(struct shell_io *io);

/*
 * The background job with a member of that pid, the job of that number, or the
 * newest one; NULL: there is none.
 */
struct job *job_with_pid(int32_t pid);
struct job *job_with_number(int number);
struct job *job_newest(void);

/*
 * Wait for a background job, then forget it: its exit status, or 130 if Ctrl-C
 * came first, and then the job stays.
 */
int job_wait_background(struct job *job, struct shell_io *io);

/* Interrupt the command of the shell that runs as task @pid; false: none does. */
bool job_interrupt_command(int32_t pid);

/* From wait4's status to the shell's: 0..255. */
int exit_status_of(int wait_status);

/* Exit status of a program that signal @sig has killed. */
#define EXIT_SIGNAL(sig) (128 + (sig))
