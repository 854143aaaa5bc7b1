/*
 * Tokens, and the grammar over them.
 *
 *	line     := pipeline { (";" | "&" | "&&" | "||") pipeline } [";" | "&"]
 *	pipeline := command { "|" command }
 *	command  := (word | redirect) { word | redirect }
 *
 * "&" ends a pipeline that runs in the background. It may not follow a list of
 * && and ||: that would need a shell inside the shell.
 */
#include "parse.h"

#include <uapi/errno.h>

#include "printk.h"
#include "string.h"

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_REDIRECT,
	TOKEN_SEMICOLON,
	TOKEN_BACKGROUND,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_PIPE,
};

struct parser {
	const char *line;
	struct arena *arena;
	char *error;

	/* The token that stands next, and where it and the one behind begin. */
	enum token token;
	const char *start, *end;
	const char *last_end; /* end of the token before */
	int fd;               /* of a redirect */
	enum redirect_kind redirect_kind;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_operator(char c)
{
	return c && strchr(";&|<>", c);
}

/* ---- tokens ---- */

/*
 * The first byte behind the word at @p, or NULL with *@quote set when a quote
 * is left open.
 */
static const char *word_end(const char *p, char *quote)
{
	*quote = 0;
	for (; *p; p++) {
		if (*quote) {
			if (*p == '\\' && *quote == '"' && p[1])
				p++;
			else if (*p == *quote)
				*quote = 0;
		} else if (*p == '\\' && p[1]) {
			p++;
		} else if (*p == '\'' || *p == '"') {
			*quote = *p;
		} else if (is_blank(*p) || is_operator(*p)) {
			break;
		}
	}
	return *quote ? NULL : p;
}

/* [digit] then <, >, >>, <& or >&: false if that is not what stands at @p. */
static bool try_redirect(struct parser *parser, const char *p)
{
	bool has_fd = *p >= '0' && *p <= '9';
	int fd = has_fd ? *p++ - '0' : -1;
	bool write = *p == '>';

	if (*p != '<' && *p != '>')
		return false;
	p++;
	parser->token = TOKEN_REDIRECT;
	parser->fd = has_fd ? fd : write;
	parser->redirect_kind = write ? REDIRECT_WRITE : REDIRECT_READ;
	if (*p == '&') {
		parser->redirect_kind = REDIRECT_DUP;
		p++;
	} else if (write && *p == '>') {
		parser->redirect_kind = REDIRECT_APPEND;
		p++;
	}
	parser->end = p;
	return true;
}

static void operator_token(struct parser *parser, const char *p)
{
	bool doubled = p[1] == p[0];

	if (*p == ';') {
		parser->token = TOKEN_SEMICOLON;
		doubled = false;
	} else if (*p == '&') {
		parser->token = doubled ? TOKEN_AND : TOKEN_BACKGROUND;
	} else {
		parser->token = doubled ? TOKEN_OR : TOKEN_PIPE;
	}
	parser->end = p + 1 + doubled;
}

/* Move on to the next token. 0, or -EINVAL for a quote that is left open. */
static int next_token(struct parser *parser)
{
	const char *p = parser->end;
	char quote;

	parser->last_end = parser->end;
	while (is_blank(*p))
		p++;
	if (*p == '#')
		p += strlen(p);
	parser->start = p;
	parser->end = p;
	if (!*p) {
		parser->token = TOKEN_END;
		return 0;
	}
	if (try_redirect(parser, p))
		return 0;
	if (is_operator(*p)) {
		operator_token(parser, p);
		return 0;
	}
	parser->token = TOKEN_WORD;
	parser->end = word_end(p, &quote);
	if (parser->end)
		return 0;
	snprintf(parser->error, PARSE_ERROR_BYTES,
		 "syntax error: a %c quote is not closed", quote);
	return -EINVAL;
}

/* ---- grammar ---- */

static int unexpected(struct parser *parser)
{
	if (parser->token == TOKEN_END)
		snprintf(parser->error, PARSE_ERROR_BYTES,
			 "syntax error: the line ends where a command is "
			 "expected");
	else
		snprintf(parser->error, PARSE_ERROR_BYTES,
			 "syntax error near '%.*s'",
			 (int)(parser->end - parser->start), parser->start);
	return -EINVAL;
}

/* The redirect whose operator is the current token, and its word. */
static int parse_redirect(struct parser *parser, struct redirect ***tail)
{
	struct redirect *redirect =
		arena_alloc(parser->arena, sizeof(*redirect));
	int err;

	if (!redirect)
		return -ENOMEM;
	redirect->kind = parser->redirect_kind;
	redirect->fd = parser->fd;
	err = next_token(parser);
	if (err)
		return err;
	if (parser->token != TOKEN_WORD)
		return unexpected(parser);
	redirect->word = arena_strndup(parser->arena, parser->start,
				       (size_t)(parser->end - parser->start));
	if (!redirect->word)
		return -ENOMEM;
	**tail = redirect;
	*tail = &redirect->next;
	return next_token(parser);
}

/* Add the current word to @command; the array doubles as it fills. */
static int parse_word(struct parser *parser, struct command *command,
		      size_t *capacity)
{
	char *word = arena_strndup(parser->arena, parser->start,
				   (size_t)(parser->end - parser->start));

	if (!word)
		return -ENOMEM;
	if (command->nr_words == *capacity) {
		size_t larger = *capacity ? *capacity * 2 : 8;
		char **words = arena_alloc(parser->arena,
					   larger * sizeof(*words));

		if (!words)
			return -ENOMEM;
		if (*capacity)
			memcpy(words, command->words,
			       *capacity * sizeof(*words));
		command->words = words;
		*capacity = larger;
	}
	command->words[command->nr_words++] = word;
	return next_token(parser);
}

static int parse_command(struct parser *parser, struct command **out)
{
	struct command *command = arena_alloc(parser->arena, sizeof(*command));
	struct redirect **tail;
	size_t capacity = 0;
	int err = 0;

	if (!command)
		return -ENOMEM;
	tail = &command->redirects;
	while (!err) {
		if (parser->token == TOKEN_WORD)
			err = parse_word(parser, command, &capacity);
		else if (parser->token == TOKEN_REDIRECT)
			err = parse_redirect(parser, &tail);
		else
			break;
	}
	if (err)
		return err;
	if (!command->nr_words && !command->redirects)
		return unexpected(parser);
	*out = command;
	return 0;
}

static int parse_pipeline(struct parser *parser, struct pipeline **out)
{
	struct pipeline *pipeline =
		arena_alloc(parser->arena, sizeof(*pipeline));
	struct command **tail;
	int err;

	if (!pipeline)
		return -ENOMEM;
	pipeline->text_start = (size_t)(parser->start - parser->line);
	tail = &pipeline->commands;
	for (;;) {
		err = parse_command(parser, tail);
		if (err)
			return err;
		tail = &(*tail)->next;
		if (parser->token != TOKEN_PIPE)
			break;
		err = next_token(parser);
		if (err)
			return err;
	}
	pipeline->text_end = (size_t)(parser->last_end - parser->line);
	*out = pipeline;
	return 0;
}

/*
 * What stands between @pipeline and the next: marks @pipeline as background,
 * and says in *@run_if when the next one runs. @must_follow: there has to be one.
 */
static int parse_separator(struct parser *parser, struct pipeline *pipeline,
			   enum run_if *run_if, bool *must_follow)
{
	*run_if = RUN_ALWAYS;
	*must_follow = false;
	switch (parser->token) {
	case TOKEN_SEMICOLON:
		break;
	case TOKEN_BACKGROUND:
		if (pipeline->run_if != RUN_ALWAYS) {
			snprintf(parser->error, PARSE_ERROR_BYTES,
				 "syntax error: no '&' behind a list of && "
				 "and ||");
			return -EINVAL;
		}
		pipeline->background = true;
		break;
	case TOKEN_AND:
	case TOKEN_OR:
		*run_if = parser->token == TOKEN_AND ? RUN_IF_TRUE
						     : RUN_IF_FALSE;
		*must_follow = true;
		break;
	default:
		return unexpected(parser);
	}
	return next_token(parser);
}

int parse_line(const char *text, struct arena *arena, struct pipeline **out,
	       char *error)
{
	struct parser parser = {
		.line = text, .end = text, .arena = arena, .error = error,
	};
	enum run_if run_if = RUN_ALWAYS;
	bool must_follow = false;
	int err = next_token(&parser);

	*out = NULL;
	while (!err && (parser.token != TOKEN_END || must_follow)) {
		struct pipeline *pipeline;

		err = parse_pipeline(&parser, &pipeline);
		if (err)
			break;
		pipeline->run_if = run_if;
		*out = pipeline;
		out = &pipeline->next;
		if (parser.token == TOKEN_END)
			break;
		err = parse_separator(&parser, pipeline, &run_if, &must_follow);
	}
	return err;
}
