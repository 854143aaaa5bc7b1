/*
 * Running what has been parsed.
 */
#pragma once

#include <uapi/resource.h>

#include "cmd.h"

/*
 * Run one line of shell language and leave its exit status in last_status.
 * False: Ctrl-C ended it, and what would come after it should not run.
 */
bool run_text(const char *text);

/*
 * Run the command or program argv[0] in the foreground on @io, and return its
 * exit status. *@usage, if not NULL, is what a program used; a command of the
 * shell leaves it alone.
 */
int run_argv(struct shell_io *io, int argc, char **argv, struct rusage *usage);

#define EXIT_CANNOT_RUN 126
#define EXIT_NOT_FOUND 127
