/*
 * Redirects are opened and words expanded in the order in which they stand.
 */
#include "invocation.h"

#include <uapi/errno.h>

#include "env.h"
#include "file.h"
#include "parse.h"
#include "string.h"
#include "vfs.h"

/* ---- streams ---- */

void stream_set(struct shell_io *io, int stream, struct file *file)
{
	if (io->stream[stream])
		file_put(io->stream[stream]);
	io->stream[stream] = file;
}

void streams_copy(struct shell_io *to, const struct shell_io *from)
{
	for (int i = 0; i < 3; i++) {
		if (from->stream[i])
			file_get(from->stream[i]);
		to->stream[i] = from->stream[i];
	}
}

void streams_close(struct shell_io *io)
{
	for (int i = 0; i < 3; i++)
		stream_set(io, i, NULL);
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
		shell_error(io, shell_name, "%s: %s", word, error_text(err));
		return err;
	}
	stream_set(io, redirect->fd, file);
	return 0;
}

static int dup_redirect(struct shell_io *io, const struct redirect *redirect,
			const char *word)
{
	struct file *file;

	if (word[0] < '0' || word[0] > '2' || word[1]) {
		shell_error(io, shell_name,
			    "%s: not a stream; only 0, 1 and 2 exist here",
			    word);
		return -EBADF;
	}
	file = io->stream[word[0] - '0'];
	if (file)
		file_get(file);
	stream_set(io, redirect->fd, file);
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
			shell_error(io, shell_name,
				    "%d: only the streams 0, 1 and 2 can be "
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

int invocation_init(struct invocation *invocation,
		    const struct command *command, const struct shell_io *io,
		    struct arena *arena)
{
	int err;

	memset(invocation, 0, sizeof(*invocation));
	streams_copy(&invocation->io, io);
	err = expand_words(command, arena, invocation);
	if (!err)
		err = apply_redirects(command->redirects, &invocation->io,
				      arena);
	if (err == -ENOMEM)
		shell_error(&invocation->io, shell_name, "%s",
			    error_text(err));
	return err;
}
