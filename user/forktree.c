/*
 * forktree: a family of processes, counted by those who wait for it.
 *
 * Each process starts its children one after another and waits for each, so
 * the tree is printed in order. The exit status of a process is the size of its
 * family, which is how a number travels from a child to its parent: wait().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEPTH 3		/* generations below the first */
#define WIDTH 2		/* children of each */

static int family(const char *name, int generation);

/* Start child number @nr of @name; the size of its family, or -1. */
static int raise_child(const char *name, int nr, int generation)
{
	char child_name[32];
	int status;
	pid_t pid;

	snprintf(child_name, sizeof(child_name), "%s.%d", name, nr);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		exit(family(child_name, generation + 1));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Print @name, raise its children; the number of processes, itself included. */
static int family(const char *name, int generation)
{
	int size = 1;

	printf("%*s%s\n", generation * 2, "", name);
	for (int nr = 1; generation < DEPTH && nr <= WIDTH; nr++) {
		int sub = raise_child(name, nr, generation);

		if (sub < 0) {
			perror("forktree: fork or wait");
			exit(255);
		}
		size += sub;
	}
	return size;
}

int main(void)
{
	int expected = 1, width = 1;
	int size;

	for (int generation = 1; generation <= DEPTH; generation++)
		expected += width *= WIDTH;
	size = family("1", 0);
	printf("%d processes", size);
	if (size != expected)
		printf(", expected %d", expected);
	putchar('\n');
	return size != expected;
}
