/*
 * A short list: a lookup walks it.
 */
#include "env.h"

#include <uapi/errno.h>

#include "kmalloc.h"
#include "printk.h"
#include "string.h"
#include "task.h"

struct variable {
	struct variable *next;
	bool exported;
	size_t name_length;
	char *text; /* NAME=value, kmalloc'ed */
};

static struct variable *variables;

int last_status;

static struct variable *find(const char *name, size_t length)
{
	struct variable *variable = variables;

	while (variable && (variable->name_length != length ||
			    memcmp(variable->text, name, length)))
		variable = variable->next;
	return variable;
}

const char *env_get(const char *name, size_t length)
{
	static char number[12]; /* one shell, and the caller copies at once */
	struct variable *variable;

	if (length == 1 && (*name == '?' || *name == '$')) {
		snprintf(number, sizeof(number), "%d",
			 *name == '?' ? last_status : current->pid);
		return number;
	}
	variable = find(name, length);
	return variable ? variable->text + length + 1 : NULL;
}

static struct variable *append_variable(size_t name_length)
{
	struct variable *variable = kzalloc(sizeof(*variable));
	struct variable **tail = &variables;

	if (!variable)
		return NULL;
	variable->name_length = name_length;
	while (*tail)
		tail = &(*tail)->next;
	*tail = variable;
	return variable;
}

int env_assign(const char *assignment, bool export)
{
	size_t name_length = (size_t)(strchr(assignment, '=') - assignment);
	struct variable *variable = find(assignment, name_length);
	size_t bytes = strlen(assignment) + 1;
	char *text = kmalloc(bytes);

	if (!text)
		return -ENOMEM;
	memcpy(text, assignment, bytes);
	if (!variable)
		variable = append_variable(name_length);
	if (!variable) {
		kfree(text);
		return -ENOMEM;
	}
	kfree(variable->text);
	variable->text = text;
	variable->exported |= export;
	return 0;
}

bool env_export(const char *name, size_t length)
{
	struct variable *variable = find(name, length);

	if (variable)
		variable->exported = true;
	return variable;
}

bool env_unset(const char *name)
{
	struct variable *variable = find(name, strlen(name));
	struct variable **link = &variables;

	if (!variable)
		return false;
	while (*link != variable)
		link = &(*link)->next;
	*link = variable->next;
	kfree(variable->text);
	kfree(variable);
	return true;
}

void env_each(bool exported_only, void (*fn)(void *arg, const char *variable),
	      void *arg)
{
	for (struct variable *variable = variables; variable;
	     variable = variable->next)
		if (variable->exported || !exported_only)
			fn(arg, variable->text);
}

/* Whether a list of assignments has one for @variable's name. */
static bool overridden(const struct variable *variable, char *const *overrides)
{
	size_t bytes = variable->name_length + 1; /* the '=' too */

	for (; overrides && *overrides; overrides++)
		if (!strncmp(*overrides, variable->text, bytes))
			return true;
	return false;
}

static size_t count_all(char *const *overrides)
{
	size_t nr = 0;

	for (struct variable *variable = variables; variable;
	     variable = variable->next)
		nr++;
	for (; overrides && *overrides; overrides++)
		nr++;
	return nr;
}

const char **env_array(char *const *overrides, struct arena *arena)
{
	const char **array = arena_alloc(
		arena, (count_all(overrides) + 1) * sizeof(*array));
	size_t nr = 0;

	if (!array)
		return NULL;
	for (struct variable *variable = variables; variable;
	     variable = variable->next)
		if (variable->exported && !overridden(variable, overrides))
			array[nr++] = arena_strndup(arena, variable->text,
						    strlen(variable->text));
	for (; overrides && *overrides; overrides++)
		array[nr++] = *overrides;
	for (size_t i = 0; i < nr; i++)
		if (!array[i])
			return NULL;
	return array;
}

void env_init(void)
{
	env_assign("PATH=/bin:/tests", true);
	env_assign("HOME=/", true);
	env_assign("TERM=vt100", true);
}
