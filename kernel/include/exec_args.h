/*
 * The strings that exec hands to a program: arguments, environment, and the
 * path of the file, in the order in which they will lie on its stack.
 *
 *	| argv[0] | argv[1] | ... | envp[0] | envp[1] | ... | path |
 *	bytes                     env_offset                path_offset  used
 */
#pragma once

#include "types.h"

/* As on Linux: the longest single string, its NUL included. */
#define EXEC_MAX_STRING_BYTES (128UL << 10)

struct exec_args {
	char *bytes; /* kmalloc'ed */
	size_t used, capacity;
	size_t limit; /* of used and of the pointers to the strings */
	size_t argc, envc;
	size_t env_offset, path_offset;
};

/* Empty arguments; the limit is the running task's. */
void exec_args_init(struct exec_args *args);
void exec_args_free(struct exec_args *args);

/*
 * Copy everything: arrays end with NULL; as arrays, NULL is empty. An empty
 * @argv becomes one empty string. 0, -E2BIG, -EFAULT, -ENOMEM.
 */
int exec_args_from_user(struct exec_args *args, vaddr_t argv, vaddr_t envp,
			const char *path);
int exec_args_from_kernel(struct exec_args *args, const char *const argv[],
			  const char *const envp[], const char *path);

/*
 * A script: put @nr @strings in the place of argv[0]. 0, -E2BIG, -ENOMEM.
 */
int exec_args_replace_first(struct exec_args *args, const char *const strings[],
			    size_t nr);
