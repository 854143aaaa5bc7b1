/*
 * The shell's language: from a line of text to commands.
 *
 *	line      a && b | c >f ; d &
 *	pipelines [a] && [b | c >f] ; [d] &
 *	commands   a      b   c         d
 *
 * Logic only: it needs kmalloc() and nothing else of the kernel, so that
 * tests/host/test_shell_parse.c runs it on the build machine.
 *
 * Words: blanks separate; 'x' is literal; in "x" only \ and $ are special; a
 * backslash quotes one character; # at the start of a word begins a comment.
 * $NAME, ${NAME}, $? and $$ are replaced when the command runs, and the value
 * stays one word. There is no globbing and no command substitution.
 */
#pragma once

#include "arena.h"
#include "types.h"

enum redirect_kind {
	REDIRECT_READ,   /* N<WORD   N is 0 if left out */
	REDIRECT_WRITE,  /* N>WORD   N is 1 if left out */
	REDIRECT_APPEND, /* N>>WORD */
	REDIRECT_DUP,    /* N>&M, N<&M: what M is now; word holds the digit */
};

struct redirect {
	enum redirect_kind kind;
	int fd;
	char *word; /* unexpanded */
	struct redirect *next;
};

/* A program or a command of the shell, with its words as they were typed. */
struct command {
	char **words; /* unexpanded; leading NAME=value words included */
	size_t nr_words;
	struct redirect *redirects; /* in the order in which they apply */
	struct command *next;       /* reads what this one writes */
};

/* When a pipeline runs, given the status of the one before it. */
enum run_if { RUN_ALWAYS, RUN_IF_TRUE, RUN_IF_FALSE };

struct pipeline {
	struct command *commands; /* at least one */
	enum run_if run_if;
	bool background;
	size_t text_start, text_end; /* where it stands in the line */
	struct pipeline *next;
};

#define PARSE_ERROR_BYTES 64

/*
 * Parse the line @text. 0 with the pipelines, which live in @arena, in *@out
 * (NULL for an empty line); -ENOMEM; or -EINVAL with a sentence that says what
 * is wrong in @error of PARSE_ERROR_BYTES.
 */
int parse_line(const char *text, struct arena *arena, struct pipeline **out,
	       char *error);

/* Whether @word, unexpanded, has the form NAME=value. */
bool word_is_assignment(const char *word);

/* The length of the NAME that @text begins with; 0: none. */
size_t name_length(const char *text);

/* The value of a variable: @name is @length bytes, not ended. NULL: unset. */
typedef const char *(*variable_lookup)(const char *name, size_t length);

/*
 * Take the quotes off @word and put in the values of variables. The result
 * lives in @arena; NULL: no memory. *@vanishes: nothing was quoted and nothing
 * is left, so the word is no word at all.
 */
char *word_expand(const char *word, variable_lookup lookup,
		  struct arena *arena, bool *vanishes);
