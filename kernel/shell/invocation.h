/*
 * A parsed command, made ready to run: words expanded, redirects open.
 */
#pragma once

#include "arena.h"
#include "cmd.h"

struct command;

struct invocation {
	int argc;
	char **argv; /* ends with NULL */
	struct shell_io io;
};

/*
 * Make @command ready to run in the surroundings @io. What it allocates lives in
 * @arena; its streams hold references, which streams_close() drops, also after
 * an error, which has been reported.
 */
int invocation_init(struct invocation *invocation,
		    const struct command *command, const struct shell_io *io,
		    struct arena *arena);

/* Put @file, whose reference it takes over, in place of a stream. */
void stream_set(struct shell_io *io, int stream, struct file *file);

/* Let @to, which has none yet, have the streams of @from too. */
void streams_copy(struct shell_io *to, const struct shell_io *from);

/* Drop the references; all streams are the console again. */
void streams_close(struct shell_io *io);
