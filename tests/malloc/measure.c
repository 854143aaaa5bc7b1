/*
 * measure: run a command; print its CPU seconds and its peak resident KiB.
 *
 *	measure FILE COMMAND ARGS...
 *
 * A process this small must be the parent: a child's peak begins with the
 * pages of whoever forked it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	const char *preload = getenv("MEASURE_PRELOAD");
	FILE *file;
	int status;
	pid_t pid;

	if (argc < 3)
		return 2;
	pid = fork();
	if (pid == 0) {
		if (preload)
			setenv("LD_PRELOAD", preload, 1);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 2;
	file = fopen(argv[1], "w");
	if (!file)
		return 2;
	fprintf(file, "%ld.%06ld %ld\n",
		usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
		(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000000,
		(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) % 1000000,
		usage.ru_maxrss);
	fclose(file);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}
