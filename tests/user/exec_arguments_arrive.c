/* Every command line and environment would be wrong, or cut, or too long. */
#include <stdlib.h>

#include "memory.h"

#define NR_ARGS 1000

extern char **environ;

static char big[200000];

static int received(int argc, char **argv)
{
	if (strcmp(argv[1], "empty") == 0)
		return argc == 3 && argv[2][0] == '\0' && !argv[3] &&
		       !environ[0];
	if (strcmp(argv[1], "env") == 0)
		return argc == 2 && strcmp(environ[0], "A=1") == 0 &&
		       strcmp(environ[1], "B") == 0 && !environ[2];
	if (strcmp(argv[1], "many") == 0)
		return argc == NR_ARGS && atoi(argv[NR_ARGS - 1]) == NR_ARGS - 1;
	return strlen(argv[2]) == 100000 && argv[2][99999] == 'x';
}

static void exec_expecting_success(char **argv, char **envp)
{
	pid_t pid = check_fork();

	if (pid == 0)
		_exit(-(int)sys(SYS_execve, check_self(), argv, envp));
	CHECK_EQ(check_wait(pid), EXITED(77));
}

static void pass_many(void)
{
	static char numbers[NR_ARGS][8];
	static char *argv[NR_ARGS + 1] = { "self", "many" };

	for (int i = 2; i < NR_ARGS; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "%d", i);
		argv[i] = numbers[i];
	}
	exec_expecting_success(argv, argv + NR_ARGS);
}

/* One string of 128 KiB is too long, and so is a quarter of the stack in all. */
static void pass_too_much(void)
{
	static char *argv[100];

	memset(big, 'x', sizeof(big) - 1);
	argv[0] = "self";
	argv[1] = "big";
	argv[2] = big;
	CHECK_EQ(sys(SYS_execve, check_self(), argv, argv + 3), -E2BIG);
	big[100000] = '\0';
	exec_expecting_success(argv, argv + 3);
	for (int i = 2; i < 99; i++)
		argv[i] = big;
	CHECK_EQ(sys(SYS_execve, check_self(), argv, argv + 99), -E2BIG);
}

int main(int argc, char **argv)
{
	char *empty[] = { "self", "empty", "", NULL };
	char *env[] = { "self", "env", NULL };
	char *two_variables[] = { "A=1", "B", NULL };

	if (argc > 1)
		return received(argc, argv) ? 77 : 1;
	exec_expecting_success(empty, empty + 3);
	exec_expecting_success(env, two_variables);
	pass_many();
	pass_too_much();
	return check_passed();
}
