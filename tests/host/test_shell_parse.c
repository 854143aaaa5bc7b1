/*
 * The shell's language: a line that is split or quoted differently from other
 * shells runs something else than what was typed.
 */
// build: kernel/shell/parse.c kernel/shell/expand.c kernel/shell/arena.c
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uapi/errno.h>

#include "../../kernel/shell/parse.h"
#include "kmalloc.h"

static int failures;
static int allocations_left = -1; /* before one fails; -1: none does */

void *kzalloc(size_t size)
{
	if (allocations_left == 0)
		return NULL;
	if (allocations_left > 0)
		allocations_left--;
	return calloc(1, size);
}

void kfree(void *ptr)
{
	free(ptr);
}

static void verdict(const char *name, const char *got, const char *want)
{
	if (!strcmp(got, want)) {
		printf("PASS %s\n", name);
		return;
	}
	printf("FAIL %s: got <%s>, want <%s>\n", name, got, want);
	failures++;
}

/* ---- what was understood, as text ---- */

static const char *lookup(const char *name, size_t length)
{
	if (length == 1 && *name == '?')
		return "42";
	if (length == 4 && !memcmp(name, "HOME", 4))
		return "/home dir";
	if (length == 5 && !memcmp(name, "EMPTY", 5))
		return "";
	return NULL;
}

static void append(char *out, const char *text)
{
	sprintf(out + strlen(out), "%s", text);
}

static void put_word(char *out, const char *word, struct arena *arena)
{
	bool vanishes;
	char *value = word_expand(word, lookup, arena, &vanishes);

	if (!vanishes)
		sprintf(out + strlen(out), "[%s]", value);
}

static void put_command(char *out, const struct command *command,
			struct arena *arena)
{
	static const char *const signs[] = {
		[REDIRECT_READ] = "<", [REDIRECT_WRITE] = ">",
		[REDIRECT_APPEND] = ">>", [REDIRECT_DUP] = ">&",
	};

	for (size_t i = 0; i < command->nr_words; i++)
		put_word(out, command->words[i], arena);
	for (struct redirect *redirect = command->redirects; redirect;
	     redirect = redirect->next) {
		sprintf(out + strlen(out), "%d%s", redirect->fd,
			signs[redirect->kind]);
		put_word(out, redirect->word, arena);
	}
}

/* Words in [], commands of a pipeline joined by |, pipelines ended by ; or &. */
static void describe(const char *line, char *out)
{
	static const char *const before[] = {
		[RUN_ALWAYS] = "", [RUN_IF_TRUE] = "&&", [RUN_IF_FALSE] = "||",
	};
	struct arena arena = { 0 };
	struct pipeline *pipeline;
	char error[PARSE_ERROR_BYTES];

	*out = '\0';
	if (parse_line(line, &arena, &pipeline, error)) {
		append(out, error);
		pipeline = NULL;
	}
	for (; pipeline; pipeline = pipeline->next) {
		append(out, before[pipeline->run_if]);
		for (struct command *command = pipeline->commands; command;
		     command = command->next) {
			put_command(out, command, &arena);
			if (command->next)
				append(out, "|");
		}
		append(out, pipeline->background ? "&" : ";");
	}
	arena_free(&arena);
}

static void check(const char *name, const char *line, const char *want)
{
	char got[1024];

	describe(line, got);
	verdict(name, got, want);
}

/* ---- tests ---- */

static void words(void)
{
	check("words_blanks_separate", "  a\tb  c ", "[a][b][c];");
	check("words_empty_line_is_nothing", " \t ", "");
	check("words_comment_is_ignored", "a # b; c", "[a];");
	check("words_hash_inside_word_is_literal", "a#b", "[a#b];");
	check("words_single_quotes_are_literal", "'a $HOME \\ \"b'",
	      "[a $HOME \\ \"b];");
	check("words_double_quotes_keep_blanks", "\"a  b;|&\"c", "[a  b;|&c];");
	check("words_double_quotes_escape_few", "\"\\$ \\\" \\\\ \\n\"",
	      "[$ \" \\ \\n];");
	check("words_backslash_quotes_one", "a\\ b\\;c \\'", "[a b;c]['];");
	check("words_backslash_at_end_stays", "a\\", "[a\\];");
	check("words_empty_quotes_are_a_word", "a '' \"\"", "[a][][];");
	check("words_adjacent_quotes_join", "a'b'\"c\"d", "[abcd];");
}

static void variables(void)
{
	check("variable_status_is_replaced", "echo $? ${?}x",
	      "[echo][42][42x];");
	check("variable_value_stays_one_word", "cd $HOME", "[cd][/home dir];");
	check("variable_in_double_quotes", "\"<${HOME}>\"", "[</home dir>];");
	check("variable_unset_vanishes", "a $NONE b", "[a][b];");
	check("variable_empty_but_quoted_stays", "a \"$EMPTY\" $EMPTY",
	      "[a][];");
	check("variable_dollar_alone_is_literal", "a $ $1 ${HOME",
	      "[a][$][$1][${HOME];");
}

static void lists(void)
{
	check("list_semicolons_end_pipelines", "a; b;c;", "[a];[b];[c];");
	check("list_ampersand_is_background", "a & b&", "[a]&[b]&");
	check("list_and_or_condition_the_next", "a && b || c; d",
	      "[a];&&[b];||[c];[d];");
	check("list_pipes_join_commands", "a x|b |c &", "[a][x]|[b]|[c]&");
	check("list_operators_end_words", "a>b;c", "[a]1>[b];[c];");
}

static void redirects(void)
{
	check("redirect_all_kinds", "a <i >o >>p", "[a]0<[i]1>[o]1>>[p];");
	check("redirect_number_in_front", "a 2>e 2>&1", "[a]2>[e]2>&[1];");
	check("redirect_number_in_a_word_is_text", "a2>e", "[a2]1>[e];");
	check("redirect_may_come_first", ">o a", "[a]1>[o];");
	check("redirect_word_may_be_quoted", "a > 'x y'", "[a]1>[x y];");
}

static void errors(void)
{
	check("error_open_quote", "echo 'a",
	      "syntax error: a ' quote is not closed");
	check("error_two_semicolons", "a ;; b", "syntax error near ';'");
	check("error_leading_operator", "&& a", "syntax error near '&&'");
	check("error_nothing_behind_pipe", "a |",
	      "syntax error: the line ends where a command is expected");
	check("error_nothing_behind_and", "a && ",
	      "syntax error: the line ends where a command is expected");
	check("error_redirect_without_word", "a > ; b",
	      "syntax error near ';'");
	check("error_background_of_and_list", "a && b &",
	      "syntax error: no '&' behind a list of && and ||");
}

static void assignments(void)
{
	verdict("assignment_is_name_and_equals",
		word_is_assignment("A_1=b") && word_is_assignment("x=") &&
				!word_is_assignment("=b") &&
				!word_is_assignment("1a=b") &&
				!word_is_assignment("'a'=b") &&
				!word_is_assignment("a-b=c")
			? "yes" : "no",
		"yes");
}

/* A job's text is cut out of the line by these two positions. */
static void positions(void)
{
	const char *line = "  a 1 | b  & c;";
	struct arena arena = { 0 };
	struct pipeline *p;
	char error[PARSE_ERROR_BYTES], got[64];

	if (parse_line(line, &arena, &p, error) || !p || !p->next) {
		verdict("pipeline_knows_its_text", "no pipelines", "two");
		return;
	}
	snprintf(got, sizeof(got), "<%.*s><%.*s>",
		 (int)(p->text_end - p->text_start), line + p->text_start,
		 (int)(p->next->text_end - p->next->text_start),
		 line + p->next->text_start);
	verdict("pipeline_knows_its_text", got, "<a 1 | b><c>");
	arena_free(&arena);
}

/* Each allocation fails once; ASan sees what is lost or used too long. */
static void out_of_memory(void)
{
	const char *line = "a 1 2 3 4 5 6 7 8 9 <i | b $HOME >o && c; d &";
	const char *got = "the first try";
	int err = -ENOMEM;

	for (int n = 0; err == -ENOMEM && n < 1000; n++) {
		struct arena arena = { 0 };
		struct pipeline *pipeline;
		char error[PARSE_ERROR_BYTES];

		allocations_left = n;
		err = parse_line(line, &arena, &pipeline, error);
		got = n && !err ? "after some" : "at once or never";
		arena_free(&arena);
	}
	allocations_left = -1;
	verdict("parse_out_of_memory_is_enomem", got, "after some");
}

/* Nothing that can be typed may read outside of the line. */
static void random_lines(void)
{
	static const char bytes[] = "ab '\"\\$?{}=;&|<>#12 ";
	char got[8192], line[40];
	unsigned int seed = 1;

	for (int round = 0; round < 100000; round++) {
		size_t n = (unsigned int)rand_r(&seed) % (sizeof(line) - 1);
		char *exact = malloc(n + 1); /* ASan guards its end */

		for (size_t i = 0; i < n; i++)
			exact[i] = bytes[(unsigned int)rand_r(&seed) %
					 (sizeof(bytes) - 1)];
		exact[n] = '\0';
		describe(exact, got);
		free(exact);
	}
	printf("PASS parse_random_lines_stay_inside\n");
}

int main(void)
{
	words();
	variables();
	lists();
	redirects();
	errors();
	assignments();
	positions();
	out_of_memory();
	random_lines();
	return failures != 0;
}
