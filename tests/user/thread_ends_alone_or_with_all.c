/*
 * exit(2) ends a thread, exit_group(2), a fatal signal and a crash end all of
 * them, and the parent hears of one process, once, when the last has gone.
 */
#include <signal.h>

#include "thread.h"

static struct thread helper[3];

static void wait_forever(void *arg)
{
	(void)arg;
	for (;;)
		sys(SYS_pause);
}

static void spin_forever(void *arg)
{
	(void)arg;
	for (;;)
		__asm__ volatile("pause");
}

static void start_others(void)
{
	thread_start(&helper[0], wait_forever, NULL);
	thread_start(&helper[1], spin_forever, NULL);
}

static void exit_group_5(void *arg)
{
	(void)arg;
	sys(SYS_exit_group, 5);
}

static void exit_6_later(void *arg)
{
	struct { long sec, nsec; } time = { 0, 20000000 };

	(void)arg;
	sys(SYS_nanosleep, &time, 0);
	sys(SYS_exit, 6);
}

static void crash(void *arg)
{
	volatile int *nowhere = arg;

	*nowhere = 1;
}

static void group_exit_by_thread(void)
{
	start_others();
	thread_start(&helper[2], exit_group_5, NULL);
	wait_forever(NULL);
}

static void group_exit_by_leader(void)
{
	start_others();
	sys(SYS_exit_group, 4);
}

static void leader_first(void)
{
	thread_start(&helper[2], exit_6_later, NULL);
	sys(SYS_exit, 7);
}

static void crash_in_thread(void)
{
	start_others();
	thread_start(&helper[2], crash, NULL); /* its address */
	wait_forever(NULL);
}

static void killed(void)
{
	start_others();
	sys(SYS_kill, getpid(), SIGTERM);
	wait_forever(NULL);
}

static void killed_without_leader(void)
{
	start_others();
	sys(SYS_tgkill, getpid(), helper[1].id, SIGKILL);
	sys(SYS_exit, 0);
}

int main(void)
{
	pid_t pid;

	CHECK_EQ(check_in_child(group_exit_by_thread), EXITED(5));
	CHECK_EQ(check_in_child(group_exit_by_leader), EXITED(4));
	CHECK_EQ(check_in_child(crash_in_thread), SIGSEGV);
	CHECK_EQ(check_in_child(killed), SIGTERM);
	CHECK_EQ(check_in_child(killed_without_leader), SIGKILL);

	pid = check_fork();
	if (pid == 0)
		leader_first();
	CHECK_EQ(sys(SYS_wait4, pid, 0, WNOHANG, 0), 0);
	CHECK_EQ(check_wait(pid), EXITED(6));
	return check_passed();
}
