/*
 * The shell itself: help, history, variables, echo, exit.
 */
#include "commands.h"

#include <uapi/errno.h>

#include "env.h"
#include "exit.h"
#include "history.h"
#include "parse.h"
#include "run.h"
#include "string.h"
#include "text.h"

/* ---- help ---- */

static void print_summaries(struct shell_io *io)
{
	for (const struct shell_command *command = shell_commands;
	     command->name; command++)
		shell_printf(io, "%-12s %s\n", command->name,
			     command->summary);
	shell_puts(io, "Programs are in /bin. A line may use ; & && || | > >> "
		       "< 'x' \"x\" $NAME $? #.\n"
		       "help COMMAND explains one of them.\n");
}

int cmd_help(struct shell_io *io, int argc, char **argv)
{
	const struct shell_command *command;

	if (argc == 1) {
		print_summaries(io);
		return EXIT_OK;
	}
	for (int i = 1; i < argc; i++) {
		command = shell_command_find(argv[i]);
		if (!command)
			return shell_error(io, argv, "no command '%s' in the "
						     "shell; to see them type: "
						     "help", argv[i]);
		shell_printf(io, "usage: %s %s\n%s\n", command->name,
			     command->arguments, command->summary);
		if (command->details)
			shell_puts(io, command->details);
	}
	return EXIT_OK;
}

int cmd_history(struct shell_io *io, int argc, char **argv)
{
	size_t count = history_count();
	size_t nr = count < HISTORY_LINES ? count : HISTORY_LINES;

	if (argc > 1)
		return shell_usage_error(io, argv, "unexpected '%s'", argv[1]);
	while (nr--) {
		shell_printf(io, "%5zu  ", count - nr);
		shell_puts(io, history_get(nr));
		shell_puts(io, "\n");
	}
	return EXIT_OK;
}

int cmd_clear(struct shell_io *io, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	shell_puts(io, "\033[H\033[2J");
	return EXIT_OK;
}

/* ---- variables ---- */

static void print_variable(void *io, const char *variable)
{
	shell_puts(io, variable);
	shell_puts(io, "\n");
}

int cmd_set(struct shell_io *io, int argc, char **argv)
{
	if (argc > 1)
		return shell_usage_error(io, argv,
					 "unexpected '%s'; to set a variable "
					 "type NAME=VALUE", argv[1]);
	env_each(false, print_variable, io);
	return EXIT_OK;
}

static int print_environment(struct shell_io *io, char **argv)
{
	struct arena arena = { 0 };
	const char **variables = env_array(io->overrides, &arena);
	int status = EXIT_OK;

	if (!variables)
		status = shell_error(io, argv, "%s", error_text(-ENOMEM));
	for (; variables && *variables; variables++)
		print_variable(io, *variables);
	arena_free(&arena);
	return status;
}

/* The NAME=value words of env's own take the place of those before it. */
int cmd_env(struct shell_io *io, int argc, char **argv)
{
	char *const *outer = io->overrides;
	struct arena arena = { 0 };
	char **overrides = arena_alloc(&arena, (size_t)argc * sizeof(char *));
	int i = 1, status;

	if (!overrides)
		return shell_error(io, argv, "%s", error_text(-ENOMEM));
	for (; i < argc && word_is_assignment(argv[i]); i++)
		overrides[i - 1] = argv[i];
	if (i > 1)
		io->overrides = overrides;
	if (i < argc)
		status = run_argv(io, argc - i, argv + i, NULL);
	else
		status = print_environment(io, argv);
	io->overrides = outer;
	arena_free(&arena);
	return status;
}

int cmd_export(struct shell_io *io, int argc, char **argv)
{
	if (argc == 1)
		return print_environment(io, argv);
	for (int i = 1; i < argc; i++) {
		size_t n = name_length(argv[i]);

		if (!n || (argv[i][n] && argv[i][n] != '='))
			return shell_usage_error(io, argv,
						 "'%s' is not NAME or "
						 "NAME=VALUE", argv[i]);
		if (argv[i][n] && env_assign(argv[i], true))
			return shell_error(io, argv, "%s", error_text(-ENOMEM));
		if (!argv[i][n] && !env_export(argv[i], n))
			return shell_error(io, argv, "%s is not set; type: "
						     "export %s=VALUE",
					   argv[i], argv[i]);
	}
	return EXIT_OK;
}

int cmd_unset(struct shell_io *io, int argc, char **argv)
{
	if (argc == 1)
		return shell_usage_error(io, argv, "no variable named");
	for (int i = 1; i < argc; i++)
		env_unset(argv[i]);
	return EXIT_OK;
}

/* ---- echo ---- */

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

/* Up to @max digits of @base at *@p; moves it behind them. */
static char take_digits(const char **p, int base, int max)
{
	int value = 0;

	while (max-- && digit_value(**p) < base)
		value = value * base + digit_value(*(*p)++);
	return (char)value;
}

/* The character that the escape behind a backslash at *@p stands for. */
static char take_escape(const char **p)
{
	static const char letters[] = "abefnrtv\\";
	static const char meanings[] = "\a\b\033\f\n\r\t\v\\";
	const char *letter;

	if (**p == 'x' && digit_value((*p)[1]) < 16) {
		(*p)++;
		return take_digits(p, 16, 2);
	}
	if (**p == '0') {
		(*p)++;
		return take_digits(p, 8, 3);
	}
	letter = **p ? strchr(letters, **p) : NULL;
	if (!letter)
		return '\\'; /* and what follows it stays as it is */
	(*p)++;
	return meanings[letter - letters];
}

static int append_escaped(struct text *text, const char *p)
{
	int err = 0;

	while (*p && !err) {
		char c = *p++;

		if (c == '\\')
			c = take_escape(&p);
		err = text_append(text, &c, 1);
	}
	return err;
}

/* -n, -e and -ne; another word with a dash is printed like any other. */
static int echo_options(int argc, char **argv, bool *newline, bool *escapes)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const char *p = argv[i] + 1;

		while (*p == 'n' || *p == 'e')
			p++;
		if (*p)
			break;
		*newline &= !strchr(argv[i], 'n');
		*escapes |= strchr(argv[i], 'e') != NULL;
	}
	return i;
}

/* Collected first, so that a line stays one piece in a pipe. */
int cmd_echo(struct shell_io *io, int argc, char **argv)
{
	struct text text = { 0 };
	bool newline = true, escapes = false;
	int i = echo_options(argc, argv, &newline, &escapes);
	int err = 0;

	for (; i < argc && !err; i++) {
		if (escapes)
			err = append_escaped(&text, argv[i]);
		else
			err = text_append(&text, argv[i], strlen(argv[i]));
		if (!err && i + 1 < argc)
			err = text_append(&text, " ", 1);
	}
	if (!err && newline)
		err = text_append(&text, "\n", 1);
	if (!err)
		err = shell_write(io, SHELL_STDOUT, text.bytes, text.length);
	text_free(&text);
	return err ? shell_error(io, argv, "%s", error_text(err)) : EXIT_OK;
}

/* ---- status ---- */

int cmd_true(struct shell_io *io, int argc, char **argv)
{
	(void)io;
	(void)argc;
	(void)argv;
	return EXIT_OK;
}

int cmd_false(struct shell_io *io, int argc, char **argv)
{
	(void)io;
	(void)argc;
	(void)argv;
	return EXIT_FAILED;
}

int cmd_exit(struct shell_io *io, int argc, char **argv)
{
	uint64_t status = (uint64_t)last_status;

	if (argc > 2 || (argc == 2 && !parse_number(argv[1], &status)))
		return shell_usage_error(io, argv, "'%s' is not a status",
					 argv[argc - 1]);
	shell_exit((int)(status & 0xff));
}
