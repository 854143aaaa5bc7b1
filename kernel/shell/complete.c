/*
 * Candidates are collected in an arena, compared, and forgotten. Quotes are not
 * looked into: file names with blanks complete up to the blank.
 */
#include "complete.h"

#include <uapi/dirent.h>

#include "cmd.h"
#include "console.h"
#include "directory.h"
#include "env.h"
#include "line.h"
#include "string.h"

#define MAX_CANDIDATES 512

struct candidate {
	const char *name;
	bool is_directory;
};

struct completion {
	struct arena arena;
	const char *prefix; /* the part of the name that is there already */
	size_t prefix_bytes;
	struct candidate *candidates;
	size_t nr;
};

static void add(struct completion *completion, const char *name, bool directory)
{
	if (strncmp(name, completion->prefix, completion->prefix_bytes) ||
	    completion->nr == MAX_CANDIDATES)
		return;
	for (size_t i = 0; i < completion->nr; i++)
		if (!strcmp(completion->candidates[i].name, name))
			return;
	completion->candidates[completion->nr++] =
		(struct candidate){ name, directory };
}

static void add_directory(struct completion *completion, const char *path)
{
	struct directory_list list;

	if (directory_read(path, &completion->arena, &list))
		return;
	for (size_t i = 0; i < list.nr; i++) {
		const struct directory_entry *entry = &list.entries[i];

		/* Dot files only for those who have typed the dot. */
		if (entry->name[0] == '.' && completion->prefix[0] != '.')
			continue;
		add(completion, entry->name, entry->type == DT_DIR);
	}
}

static void add_commands(struct completion *completion)
{
	const char *path = env_get("PATH", strlen("PATH"));

	for (const struct shell_command *command = shell_commands;
	     command->name; command++)
		add(completion, command->name, false);
	while (path && *path) {
		const char *colon = strchr(path, ':');
		size_t n = colon ? (size_t)(colon - path) : strlen(path);
		char *directory = arena_strndup(&completion->arena, path, n);

		if (directory)
			add_directory(completion, directory);
		path = colon ? colon + 1 : NULL;
	}
}

/* A path: the directory is what stands before the last slash. */
static void add_paths(struct completion *completion, char *word)
{
	char *slash = strrchr(word, '/');

	if (!slash) {
		add_directory(completion, ".");
		return;
	}
	completion->prefix = slash + 1;
	completion->prefix_bytes = strlen(slash + 1);
	if (slash == word) {
		add_directory(completion, "/");
		return;
	}
	*slash = '\0';
	add_directory(completion, word);
}

/* How many bytes all candidates begin with. */
static size_t common_bytes(const struct completion *completion)
{
	const char *first = completion->candidates[0].name;
	size_t common = strlen(first);

	for (size_t i = 1; i < completion->nr; i++) {
		const char *name = completion->candidates[i].name;
		size_t n = 0;

		while (n < common && name[n] == first[n])
			n++;
		common = n;
	}
	return common;
}

static void list_candidates(const struct completion *completion,
			    struct line *line)
{
	line->show("\n", 1);
	for (size_t i = 0; i < completion->nr; i++) {
		const struct candidate *candidate = &completion->candidates[i];

		line->show(candidate->name, strlen(candidate->name));
		line->show(candidate->is_directory ? "/  " : "  ",
			   candidate->is_directory ? 3 : 2);
	}
	line->show("\n", 1);
	line_redraw(line);
}

static void apply(const struct completion *completion, struct line *line)
{
	const struct candidate *first = &completion->candidates[0];
	size_t common;

	if (!completion->nr) {
		line->show("\a", 1);
		return;
	}
	common = common_bytes(completion);
	if (common > completion->prefix_bytes)
		line_insert(line, first->name + completion->prefix_bytes,
			    common - completion->prefix_bytes);
	else if (completion->nr > 1)
		list_candidates(completion, line);
	if (completion->nr == 1)
		line_insert(line, first->is_directory ? "/" : " ", 1);
}

static bool ends_word(char c)
{
	return strchr(" \t;&|<>=", c);
}

/* Whether a command's name is expected at @at: nothing but blanks before it. */
static bool at_command(const struct line *line, size_t at)
{
	while (at && line->text[at - 1] == ' ')
		at--;
	return !at || strchr(";&|", line->text[at - 1]);
}

void complete(struct line *line)
{
	struct completion completion = { 0 };
	size_t start = line->cursor;
	char *word;

	while (start && !ends_word(line->text[start - 1]))
		start--;
	word = arena_strndup(&completion.arena, line->text + start,
			     line->cursor - start);
	completion.candidates =
		arena_alloc(&completion.arena,
			    MAX_CANDIDATES * sizeof(struct candidate));
	if (word && completion.candidates) {
		completion.prefix = word;
		completion.prefix_bytes = strlen(word);
		if (at_command(line, start) && !strchr(word, '/'))
			add_commands(&completion);
		else
			add_paths(&completion, word);
		apply(&completion, line);
	}
	arena_free(&completion.arena);
}
