/* fork, exec, pipe and wait through another libc's wrappers. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int run(char *self, char *word, int output)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		dup2(output, 1);
		execl(self, self, word, (char *)NULL);
		_exit(127);
	}
	return waitpid(pid, &status, 0) == pid ? status : -1;
}

int main(int argc, char **argv)
{
	char text[32] = "";
	int ends[2];
	int status;

	if (argc > 1) {		/* the child, after its exec */
		printf("child says %s\n", argv[1]);
		return 7;
	}
	if (pipe(ends) < 0)
		return 1;
	status = run(argv[0], "hi", ends[1]);
	close(ends[1]);
	if (read(ends[0], text, sizeof(text) - 1) < 0)
		return 2;
	printf("%sexited with %d\n", text, WEXITSTATUS(status));
	status = run("/does/not/exist", "hi", 1);
	printf("missing program: %d\n", WEXITSTATUS(status));
	return 0;
}
