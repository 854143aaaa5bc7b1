/*
 * With SA_RESTART a program may ignore EINTR; without it, it counts on EINTR to
 * notice the signal. nanosleep fails either way and tells what is left.
 */
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "check.h"

static volatile int calls;
static int pipe_fds[2];

static void count(int sig)
{
	(void)sig;
	calls++;
}

static void set_handler(int flags)
{
	struct sigaction act = { .sa_handler = count, .sa_flags = flags };

	CHECK_EQ(sigaction(SIGUSR1, &act, NULL), 0);
	calls = 0;
}

static void sleep_ms(long ms)
{
	struct timespec time = { 0, ms * 1000000 };

	sys(SYS_nanosleep, &time, 0);
}

/* A child that sends us SIGUSR1 soon, and later a byte through the pipe. */
static pid_t helper(void)
{
	pid_t parent = getpid(), pid = check_fork();

	if (pid)
		return pid;
	sleep_ms(50);
	kill(parent, SIGUSR1);
	sleep_ms(50);
	_exit(sys(SYS_write, pipe_fds[1], "x", 1) != 1);
}

static void drain(pid_t pid)
{
	char byte;

	check_child(pid);
	sys(SYS_read, pipe_fds[0], &byte, 1);
}

static void read_cases(void)
{
	char byte = 0;
	pid_t pid;

	set_handler(SA_RESTART);
	pid = helper();
	CHECK_EQ(sys(SYS_read, pipe_fds[0], &byte, 1), 1);
	CHECK_EQ(calls, 1);
	check_child(pid);

	set_handler(0);
	pid = helper();
	CHECK_EQ(sys(SYS_read, pipe_fds[0], &byte, 1), -EINTR);
	CHECK_EQ(calls, 1);
	drain(pid);
}

static void wait_cases(void)
{
	int status;
	pid_t pid;

	set_handler(SA_RESTART);
	pid = helper();
	CHECK_EQ(sys(SYS_wait4, pid, &status, 0, 0), pid);
	CHECK_EQ(calls, 1);
	set_handler(0);
	sys(SYS_read, pipe_fds[0], &status, 1);
	pid = helper();
	CHECK_EQ(sys(SYS_wait4, pid, &status, 0, 0), -EINTR);
	drain(pid);
}

static void sleep_cases(void)
{
	struct timespec time = { 5, 0 }, left = { 0, 0 };
	struct pollfd none = { .fd = -1 };
	pid_t pid;

	set_handler(SA_RESTART);
	pid = helper();
	CHECK_EQ(sys(SYS_nanosleep, &time, &left), -EINTR);
	CHECK(left.tv_sec == 4 && left.tv_nsec > 500000000);
	drain(pid);
	pid = helper();
	CHECK_EQ(sys(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, &left),
		 -EINTR);
	drain(pid);
	pid = helper();
	CHECK_EQ(sys(SYS_poll, &none, 1, 5000), -EINTR);
	drain(pid);
	pid = helper();
	CHECK_EQ(sys(SYS_pause), -EINTR);
	drain(pid);
	CHECK_EQ(calls, 4);
}

/* A signal that is ignored, and a stop, are not noticed at all. */
static void unnoticed(void)
{
	struct timespec time = { 0, 200000000 };
	pid_t pid = check_fork();
	int status;

	if (pid == 0)
		_exit(sys(SYS_nanosleep, &time, 0) != 0);
	sleep_ms(50);
	kill(pid, SIGCHLD);
	kill(pid, SIGSTOP);
	CHECK_EQ(sys(SYS_wait4, pid, &status, WUNTRACED, 0), pid);
	kill(pid, SIGCONT);
	check_child(pid);
}

int main(void)
{
	CHECK_EQ(sys(SYS_pipe, pipe_fds), 0);
	read_cases();
	wait_cases();
	sleep_cases();
	unnoticed();
	return check_passed();
}
