/*
 * Starting the tasks of a job.
 */
#pragma once

#include "invocation.h"
#include "job.h"
#include "types.h"

/* Start a program: its pid, or minus the exit status after a report. */
pid_t start_program(struct shell_io *io, char **argv);

/*
 * Start a command of the shell in a task of its own, as a member of @job. Its
 * pid, or minus the exit status after a report.
 */
pid_t start_command_task(const struct shell_command *command,
			 struct invocation *invocation, struct job *job);
