/*
 * What a command of the shell is, and what it may use.
 *
 * A command is one function and one row of the table in commands.c; the
 * prototypes are listed there as well. Its return value is its exit status: 0, 1
 * for a failure, 2 for a wrong call. It writes through its struct shell_io, so
 * that it can be redirected, piped and run in the background.
 */
#pragma once

#include "types.h"

struct file;

/* What surrounds a running command. */
struct shell_io {
	struct file *stream[3];  /* NULL stands for the console */
	char *const *overrides;  /* NAME=value words in front of it, then NULL */
	bool interrupted; /* set by Ctrl-C or kill: stop as soon as possible */
	bool broken_pipe; /* nobody reads the output; sets interrupted too */
};

enum { SHELL_STDIN, SHELL_STDOUT, SHELL_STDERR };

typedef int (*shell_command_fn)(struct shell_io *io, int argc, char **argv);

struct shell_command {
	const char *name;
	const char *arguments; /* for the usage line; "" if there are none */
	const char *summary;   /* one line, no full stop */
	const char *details;   /* options, one line each, or NULL */
	shell_command_fn run;
};

/* Sorted by name; ends with a row whose name is NULL. */
extern const struct shell_command shell_commands[];

/* The command called @name, or NULL. */
const struct shell_command *shell_command_find(const char *name);

#define EXIT_OK 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2

/* ---- output: io.c ---- */

/* Write @n bytes to a stream. 0, or a negative errno (-EPIPE: nobody reads). */
int shell_write(struct shell_io *io, int stream, const char *bytes, size_t n);

/* Bytes read from the input, 0 at its end: the console has none for commands. */
ssize_t shell_read(struct shell_io *io, char *bytes, size_t n);

/* Formatted, at most 511 bytes at a time. */
__attribute__((format(printf, 2, 3)))
void shell_printf(struct shell_io *io, const char *fmt, ...);

/* A text of any length, as it is. */
void shell_puts(struct shell_io *io, const char *text);

/* As shell_printf(), to the error stream. */
__attribute__((format(printf, 2, 3)))
void shell_complain(struct shell_io *io, const char *fmt, ...);

/*
 * "NAME: what is wrong" on the error stream, NAME being argv[0]. Returns
 * EXIT_FAILED, so that a command can end with it.
 */
__attribute__((format(printf, 3, 4)))
int shell_error(struct shell_io *io, char **argv, const char *fmt, ...);

/* For what the shell itself has to say: stands for argv. */
extern char *shell_name[];

/* The same for a wrong call: adds what to type for help, returns EXIT_USAGE. */
__attribute__((format(printf, 3, 4)))
int shell_usage_error(struct shell_io *io, char **argv, const char *fmt, ...);

/*
 * Whether the output is a screen that someone looks at: then ls uses columns.
 * shell_interactive is false in batch mode, which is captured.
 */
extern bool shell_interactive;

static inline bool shell_is_terminal(const struct shell_io *io)
{
	return shell_interactive && !io->stream[SHELL_STDOUT];
}

/* Sleep. 0, or -EINTR when the command has been interrupted. */
int shell_sleep_until(struct shell_io *io, uint64_t deadline_ns);

/* What people call an errno: "No such file or directory" for -ENOENT. */
const char *error_text(int err);

/* ---- arguments: args.c ---- */

/* Walks the options of a command line; starts zeroed. */
struct options {
	int index;      /* argv[index] is the first operand once all are read */
	size_t letter;  /* inside a cluster such as -la */
	char *value;    /* of the option just read, if it takes one */
};

/*
 * The next option letter, 0 when there is none left, or -1 after an error that
 * has been reported. @letters as for getopt(3): a colon means a value.
 */
int option_next(struct options *options, struct shell_io *io, int argc,
		char **argv, const char *letters);

/* Read all of @text as a decimal number. False: it is not one. */
bool parse_number(const char *text, uint64_t *number);

/* The same for a process id, 1 and up. */
bool parse_pid(const char *text, int32_t *pid);
