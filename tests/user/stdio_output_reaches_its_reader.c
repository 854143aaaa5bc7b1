/* Output would get lost, come twice, or come too late to be of use. */
#include <stdlib.h>

#include "check.h"

/* What a child that runs @fn with standard output on a pipe leaves in it. */
static const char *output_of(void (*fn)(void))
{
	static char text[256];
	ssize_t got, len = 0;
	int fds[2];
	pid_t pid;

	CHECK_EQ(pipe(fds), 0);
	pid = check_fork();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		fn();
		exit(0);
	}
	close(fds[1]);
	while ((got = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += got;
	close(fds[0]);
	text[len] = '\0';
	check_child(pid);
	return text;
}

static void print_without_newline(void)
{
	printf("flushed at exit");
}

static void leave_at_once(void)
{
	printf("never seen");
	_exit(0);
}

static void mix_with_write(void)
{
	printf("2");
	write(STDOUT_FILENO, "1", 1);	/* the pipe's buffering is full */
}

static void mix_unbuffered(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("1");
	write(STDOUT_FILENO, "2", 1);
}

static void mix_line_buffered(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1\n3");
	write(STDOUT_FILENO, "2", 1);
}

static void handler_first(void)
{
	printf("A");
}

static void handler_second(void)
{
	printf("B");
}

static void print_in_handlers(void)
{
	atexit(handler_first);
	atexit(handler_second);
	printf("main ");
}

static void fork_with_output_pending(void)
{
	printf("once ");
	fflush(stdout);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	puts("end");
}

int main(void)
{
	CHECK_STR(output_of(print_without_newline), "flushed at exit");
	CHECK_STR(output_of(leave_at_once), "");
	CHECK_STR(output_of(mix_with_write), "12");
	CHECK_STR(output_of(mix_unbuffered), "12");
	CHECK_STR(output_of(mix_line_buffered), "1\n23");
	CHECK_STR(output_of(print_in_handlers), "main BA");
	CHECK_STR(output_of(fork_with_output_pending), "once end\n");
	return check_passed();
}
