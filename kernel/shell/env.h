/*
 * Variables of the shell; the exported ones are the environment of programs.
 */
#pragma once

#include "arena.h"
#include "types.h"

/* Set PATH, HOME and TERM. */
void env_init(void);

/*
 * The value of the variable whose name is the @length bytes at @name; also the
 * special ones, ? and $. NULL: unset. Valid until the next env_set().
 */
const char *env_get(const char *name, size_t length);

/*
 * Take the assignment "NAME=value". @export makes the variable part of the
 * environment; one that is exported stays so. 0 or -ENOMEM.
 */
int env_assign(const char *assignment, bool export);

/* Export an existing variable, the @length bytes at @name. False: unset. */
bool env_export(const char *name, size_t length);

/* Forget a variable. False: there was none. */
bool env_unset(const char *name);

/*
 * Call @fn with "NAME=value" for each variable in the order of creation, only
 * the exported ones if so asked.
 */
void env_each(bool exported_only, void (*fn)(void *arg, const char *variable),
	      void *arg);

/*
 * The environment for a program: what is exported, with @overrides (a list of
 * "NAME=value" that ends with NULL, or NULL itself) replacing and adding. Lives
 * in @arena; NULL: no memory.
 */
const char **env_array(char *const *overrides, struct arena *arena);

/* The exit status that $? shows. */
extern int last_status;
