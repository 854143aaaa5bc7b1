/*
 * exec by any thread: the others are gone, and the new program is the process
 * that everybody knew, under its old pid, with its children and its timers.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>

#include "thread.h"

static struct thread helper[3];
static char pid_text[16], child_text[16];

static void wait_forever(void *arg)
{
	(void)arg;
	for (;;)
		sys(SYS_pause);
}

static void exec_self(void *arg)
{
	char *const args[] = { (char *)check_self(), pid_text, child_text,
			       NULL };

	(void)arg;
	sys(SYS_execve, args[0], args, args + 3);
	sys(SYS_exit_group, 99);
}

/* As a child: what the program after the exec must find. */
static int after_exec(char **args)
{
	struct itimerval timer;
	pid_t child = atoi(args[2]);
	int status;

	CHECK_EQ(getpid(), atoi(args[1]));
	CHECK_EQ(sys(SYS_gettid), getpid());
	CHECK_EQ(sys(SYS_getitimer, ITIMER_REAL, &timer), 0);
	CHECK(timer.it_value.tv_sec > 50);
	CHECK_EQ(sys(SYS_wait4, child, &status, 0, 0), child);
	CHECK_EQ(status, EXITED(12));
	return 0;
}

static pid_t make_child(void)
{
	pid_t pid = check_fork();

	if (pid == 0)
		_exit(12);
	return pid;
}

static void prepare(void)
{
	sys(SYS_alarm, 100);
	snprintf(pid_text, sizeof(pid_text), "%d", getpid());
	snprintf(child_text, sizeof(child_text), "%d", make_child());
	thread_start(&helper[0], wait_forever, NULL);
	thread_start(&helper[1], wait_forever, NULL);
}

static void by_leader(void)
{
	prepare();
	exec_self(NULL);
}

static void by_thread(void)
{
	prepare();
	thread_start(&helper[2], exec_self, NULL);
	wait_forever(NULL);
}

static void by_thread_whose_leader_ended(void)
{
	prepare();
	thread_start(&helper[2], exec_self, NULL);
	sys(SYS_exit, 1);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return after_exec(argv);
	for (int i = 0; i < 20; i++) {
		CHECK_EQ(check_in_child(by_leader), EXITED(0));
		CHECK_EQ(check_in_child(by_thread), EXITED(0));
		CHECK_EQ(check_in_child(by_thread_whose_leader_ended),
			 EXITED(0));
	}
	return check_passed();
}
