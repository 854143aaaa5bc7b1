/*
 * "#!" scripts, parsed as Linux does: blanks around the interpreter are
 * skipped, all that follows it up to the end of the line is one argument.
 */
#include "script.h"

#include <uapi/errno.h>

#include "file.h"
#include "string.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/* End the line at its newline and drop trailing blanks; false: no newline. */
static bool end_line(char *line)
{
	char *end = strchr(line, '\n');
	bool whole = end != NULL;

	if (!end)
		end = line + strlen(line);
	while (end > line && is_blank(end[-1]))
		end--;
	*end = 0;
	return whole;
}

static int parse(struct script *script)
{
	char *line = script->head + 2, *p;
	bool filled = script->head[SCRIPT_HEAD_BYTES - 1] != 0;
	bool whole = end_line(line);

	script->interpreter = skip_blanks(line);
	if (!*script->interpreter)
		return -ENOEXEC;
	p = script->interpreter;
	while (*p && !is_blank(*p))
		p++;
	/* A name that reaches the end of what was read may be longer. */
	if (!*p && !whole && filled)
		return -ENOEXEC;
	if (*p)
		*p++ = 0;
	p = skip_blanks(p);
	script->argument = *p ? p : NULL;
	return 1;
}

int script_read(struct file *file, struct script *script)
{
	struct io_buf to = io_buf_kernel(script->head, SCRIPT_HEAD_BYTES);
	ssize_t n;

	memset(script, 0, sizeof(*script));
	n = file_pread(file, &to, 0);
	if (n < 0)
		return (int)n;
	if (script->head[0] != '#' || script->head[1] != '!')
		return 0;
	return parse(script);
}

int script_apply(const struct script *script, const char *path,
		 struct exec_args *args)
{
	const char *strings[3];
	size_t nr = 0;

	strings[nr++] = script->interpreter;
	if (script->argument)
		strings[nr++] = script->argument;
	strings[nr++] = path;
	return exec_args_replace_first(args, strings, nr);
}
