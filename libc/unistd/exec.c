/* The exec family: all of them end in execve(). */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)syscall(SYS_execve, path, argv, envp);
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

/* Does a failure in one directory of PATH leave hope for the next ones? */
static int search_goes_on(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES;
}

int execvpe(const char *file, char *const argv[], char *const envp[])
{
	const char *dir = getenv("PATH");
	char path[PATH_MAX];
	size_t file_len = strlen(file);
	size_t dir_len;
	int denied = 0;

	if (strchr(file, '/') || !*file)
		return execve(file, argv, envp);
	if (!dir)
		dir = "/bin:/usr/bin";
	for (;; dir += dir_len + 1) {
		dir_len = strcspn(dir, ":");
		if (dir_len + 1 + file_len >= sizeof(path)) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(path, dir, dir_len);
		path[dir_len] = '/';	/* an empty name means here: "./file" */
		strcpy(path + dir_len + 1, file);
		execve(dir_len ? path : path + 1, argv, envp);
		if (!search_goes_on(errno))
			return -1;
		denied |= errno == EACCES;
		if (!dir[dir_len])
			break;
	}
	if (denied)
		errno = EACCES;
	return -1;
}

int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

/* The three below have their arguments in a list that a NULL ends. */
static size_t count_args(va_list args)
{
	size_t n = 1;	/* the first one is no variable argument */

	while (va_arg(args, char *))
		n++;
	return n;
}

/* @argv has room for all of @args, whose NULL is stored as well. */
static void collect_args(char **argv, const char *first, va_list args)
{
	*argv++ = (char *)first;
	while ((*argv++ = va_arg(args, char *)))
		;
}

int execl(const char *path, const char *arg, ...)
{
	va_list args;
	size_t n;

	va_start(args, arg);
	n = count_args(args);
	va_end(args);

	char *argv[n + 1];

	va_start(args, arg);
	collect_args(argv, arg, args);
	va_end(args);
	return execv(path, argv);
}

int execlp(const char *file, const char *arg, ...)
{
	va_list args;
	size_t n;

	va_start(args, arg);
	n = count_args(args);
	va_end(args);

	char *argv[n + 1];

	va_start(args, arg);
	collect_args(argv, arg, args);
	va_end(args);
	return execvp(file, argv);
}

int execle(const char *path, const char *arg, ...)
{
	char **envp;
	va_list args;
	size_t n;

	va_start(args, arg);
	n = count_args(args);
	va_end(args);

	char *argv[n + 1];

	va_start(args, arg);
	collect_args(argv, arg, args);
	envp = va_arg(args, char **);
	va_end(args);
	return execve(path, argv, envp);
}
