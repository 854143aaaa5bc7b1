/*
 * Collecting the strings for a new program. Sizes are only known while copying,
 * and user memory may change meanwhile, so the buffer grows as needed and each
 * string is read once.
 */
#include "exec_args.h"

#include <uapi/errno.h>
#include <uapi/resource.h>

#include "kmalloc.h"
#include "string.h"
#include "task.h"
#include "uaccess.h"

#define FIRST_CAPACITY 1024
#define LIMIT_MIN_BYTES (128UL << 10)
#define LIMIT_MAX_BYTES (2UL << 20) /* Linux: 6 MiB if the stack may be huge */

/* A quarter of the stack's limit, within bounds. */
void exec_args_init(struct exec_args *args)
{
	size_t limit = task_rlimit(RLIMIT_STACK) / 4;

	if (limit < LIMIT_MIN_BYTES)
		limit = LIMIT_MIN_BYTES;
	if (limit > LIMIT_MAX_BYTES)
		limit = LIMIT_MAX_BYTES;
	*args = (struct exec_args){ .limit = limit };
}

void exec_args_free(struct exec_args *args)
{
	kfree(args->bytes);
	args->bytes = NULL;
}

/* What strings may use, now that @args->argc + envc have pointers. */
static size_t strings_limit(const struct exec_args *args)
{
	size_t pointers = (args->argc + args->envc) * sizeof(vaddr_t);

	return pointers < args->limit ? args->limit - pointers : 0;
}

/* Double the buffer. 0, -E2BIG, -ENOMEM. */
static int grow(struct exec_args *args)
{
	size_t capacity = args->capacity ? 2 * args->capacity : FIRST_CAPACITY;
	char *bytes;

	if (args->capacity >= strings_limit(args))
		return -E2BIG;
	bytes = kmalloc(capacity);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, args->bytes, args->used);
	kfree(args->bytes);
	args->bytes = bytes;
	args->capacity = capacity;
	return 0;
}

/* Make room for @bytes more. */
static int reserve(struct exec_args *args, size_t bytes)
{
	while (args->capacity - args->used < bytes) {
		int err = grow(args);

		if (err)
			return err;
	}
	return args->used + bytes <= strings_limit(args) ? 0 : -E2BIG;
}

static int add_kernel_string(struct exec_args *args, const char *string)
{
	size_t bytes = strlen(string) + 1;
	int err;

	if (bytes > EXEC_MAX_STRING_BYTES)
		return -E2BIG;
	err = reserve(args, bytes);
	if (err)
		return err;
	memcpy(args->bytes + args->used, string, bytes);
	args->used += bytes;
	return 0;
}

static int add_user_string(struct exec_args *args, vaddr_t string)
{
	for (;;) {
		size_t room = args->capacity - args->used;
		long length;
		int err;

		length = copy_string_from_user(args->bytes + args->used, string,
					       room);
		if (length >= 0) {
			if ((size_t)length >= EXEC_MAX_STRING_BYTES)
				return -E2BIG;
			args->used += (size_t)length + 1;
			return args->used <= strings_limit(args) ? 0 : -E2BIG;
		}
		if (length != -ENAMETOOLONG)
			return (int)length;
		err = grow(args);
		if (err)
			return err;
	}
}

/* Add the strings of the user's array @pointers, and count them in *@count. */
static int add_user_array(struct exec_args *args, vaddr_t pointers,
			  size_t *count)
{
	vaddr_t string;
	int err;

	if (!pointers)
		return 0;
	for (;; pointers += sizeof(string)) {
		err = copy_from_user(&string, pointers, sizeof(string));
		if (err || !string)
			return err;
		++*count;
		err = add_user_string(args, string);
		if (err)
			return err;
	}
}

static int add_kernel_array(struct exec_args *args,
			    const char *const strings[], size_t *count)
{
	int err = 0;

	for (; strings && *strings && !err; strings++) {
		++*count;
		err = add_kernel_string(args, *strings);
	}
	return err;
}

/* Between the two arrays: programs count on an argv[0], so there is one. */
static int end_argv(struct exec_args *args)
{
	int err = 0;

	if (!args->argc) {
		args->argc = 1;
		err = add_kernel_string(args, "");
	}
	args->env_offset = args->used;
	return err;
}

static int end_envp(struct exec_args *args, const char *path)
{
	args->path_offset = args->used;
	return add_kernel_string(args, path);
}

int exec_args_from_user(struct exec_args *args, vaddr_t argv, vaddr_t envp,
			const char *path)
{
	int err = grow(args);

	if (!err)
		err = add_user_array(args, argv, &args->argc);
	if (!err)
		err = end_argv(args);
	if (!err)
		err = add_user_array(args, envp, &args->envc);
	if (!err)
		err = end_envp(args, path);
	return err;
}

int exec_args_from_kernel(struct exec_args *args, const char *const argv[],
			  const char *const envp[], const char *path)
{
	int err = grow(args);

	if (!err)
		err = add_kernel_array(args, argv, &args->argc);
	if (!err)
		err = end_argv(args);
	if (!err)
		err = add_kernel_array(args, envp, &args->envc);
	if (!err)
		err = end_envp(args, path);
	return err;
}

int exec_args_replace_first(struct exec_args *args, const char *const strings[],
			    size_t nr)
{
	size_t old_bytes = strlen(args->bytes) + 1, new_bytes = 0;
	char *to;
	int err;

	for (size_t i = 0; i < nr; i++)
		new_bytes += strlen(strings[i]) + 1;
	args->argc += nr - 1;
	err = reserve(args, new_bytes);
	if (err)
		return err;
	memmove(args->bytes + new_bytes, args->bytes + old_bytes,
		args->used - old_bytes);
	to = args->bytes;
	for (size_t i = 0; i < nr; i++) {
		size_t bytes = strlen(strings[i]) + 1;

		memcpy(to, strings[i], bytes);
		to += bytes;
	}
	args->used += new_bytes - old_bytes;
	args->env_offset += new_bytes - old_bytes;
	args->path_offset += new_bytes - old_bytes;
	return 0;
}
