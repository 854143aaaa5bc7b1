/*
 * Options and numbers of a command line.
 */
#include "cmd.h"

#include "string.h"

/* The value of the option at argv[index][letter]: the rest, or the next word. */
static bool take_value(struct options *options, int argc, char **argv)
{
	char *rest = argv[options->index] + options->letter;

	options->letter = 0;
	options->index++;
	if (*rest) {
		options->value = rest;
		return true;
	}
	if (options->index >= argc)
		return false;
	options->value = argv[options->index++];
	return true;
}

/* Whether argv[index] has options in it; steps over "--", which ends them. */
static bool at_option(struct options *options, int argc, char **argv)
{
	const char *word;

	if (options->index == 0)
		options->index = 1;
	if (options->letter)
		return true;
	if (options->index >= argc)
		return false;
	word = argv[options->index];
	if (word[0] != '-' || !word[1])
		return false;
	if (word[1] == '-' && !word[2]) {
		options->index++;
		return false;
	}
	options->letter = 1;
	return true;
}

int option_next(struct options *options, struct shell_io *io, int argc,
		char **argv, const char *letters)
{
	const char *word, *known;
	char letter;

	if (!at_option(options, argc, argv))
		return 0;
	word = argv[options->index];
	letter = word[options->letter++];
	known = letter == ':' ? NULL : strchr(letters, letter);
	if (!known) {
		if (word[1] == '-')
			shell_usage_error(io, argv, "unknown option '%s'",
					  word);
		else
			shell_usage_error(io, argv, "unknown option -%c",
					  letter);
		return -1;
	}
	if (known[1] == ':') {
		if (take_value(options, argc, argv))
			return letter;
		shell_usage_error(io, argv, "option -%c needs a value", letter);
		return -1;
	}
	if (!word[options->letter]) {
		options->letter = 0;
		options->index++;
	}
	return letter;
}

bool parse_number(const char *text, uint64_t *number)
{
	uint64_t value = 0;

	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*text - '0'),
					   &value))
			return false;
	}
	*number = value;
	return true;
}

bool parse_pid(const char *text, int32_t *pid)
{
	uint64_t number;

	if (!parse_number(text, &number) || number == 0 || number > INT32_MAX)
		return false;
	*pid = (int32_t)number;
	return true;
}
