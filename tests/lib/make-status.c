/*
 * What GNU make cannot do for `make guest`, as a loadable object for make.
 *
 * Whatever a recipe's status is, make itself exits with 2, and it announces
 * directories on standard output. Scripts need CMD's own status and nothing
 * but CMD's output. So, when make loads this object:
 *
 *   make's standard output becomes its standard error; the true one stays
 *   open under the number $(TRUE_STDOUT), for the recipe to write to;
 *
 *   $(STATUS_FD) is the writing end of a pipe. If a recipe has put a byte
 *   into it, make ends with that byte as its status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* From gnumake.h, which not every distribution installs. */
void gmk_eval(const char *text, const void *where);
int plugin_is_GPL_compatible;
int make_status_setup(const void *where);

static int status_pipe[2];

static void exit_with_status(void)
{
	unsigned char status;

	if (read(status_pipe[0], &status, 1) != 1)
		return;		/* no recipe reported: make's own status */
	fflush(NULL);
	_exit(status);
}

/* Called by make, by this name. 1: loaded; 0: it complains and stops. */
int make_status_setup(const void *where)
{
	char text[80];
	int true_stdout = dup(STDOUT_FILENO);

	if (true_stdout < 0 || pipe(status_pipe) < 0)
		return 0;
	if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return 0;
	fcntl(status_pipe[0], F_SETFD, FD_CLOEXEC);
	/* A read finds the byte or nothing, and never waits. */
	fcntl(status_pipe[0], F_SETFL, O_NONBLOCK);
	snprintf(text, sizeof(text), "TRUE_STDOUT := %d\nSTATUS_FD := %d\n",
		 true_stdout, status_pipe[1]);
	gmk_eval(text, where);
	return atexit(exit_with_status) == 0;
}
