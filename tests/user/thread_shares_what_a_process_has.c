/*
 * Threads are what servers and allocators are made of: they share memory, files,
 * folder and pid, have a tid and thread-local variables of their own, and the
 * process's numbers are those of all of them.
 */
#include <stdlib.h>
#include <sys/stat.h>

#include "thread.h"

#define NR 4
#define ROUNDS 1000

static __thread int local = 5;
static int counter, pid_seen, tid_seen, fd_opened, parent_seen;

static void count(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		__atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED);
	local += *(int *)arg;
	*(int *)arg = local;
}

static void look_around(void *arg)
{
	(void)arg;
	pid_seen = (int)sys(SYS_getpid);
	tid_seen = (int)sys(SYS_gettid);
	parent_seen = (int)sys(SYS_getppid);
	fd_opened = (int)sys(SYS_open, "/dev/null", 2);
	sys(SYS_chdir, "/proc");
}

static void check_shared(void)
{
	struct thread thread;
	char folder[64];
	int ppid = (int)sys(SYS_getppid);

	thread_start(&thread, look_around, NULL);
	thread_join(&thread);
	CHECK_EQ(pid_seen, getpid());
	CHECK_EQ(tid_seen, thread.id);
	CHECK(tid_seen != pid_seen);
	CHECK_EQ(parent_seen, ppid);
	CHECK_EQ(sys(SYS_close, fd_opened), 0);
	CHECK_EQ(sys(SYS_getcwd, folder, sizeof(folder)), 6);
}

static void touch_pages(void *arg)
{
	write_pages(arg, 10, 1);
}

/* What a thread has used remains the process's when it has ended. */
static void check_usage(void)
{
	struct thread thread;
	char *pages = map_pages(10, RW);
	struct rusage own;
	long before = faults_start();

	thread_start(&thread, touch_pages, pages);
	thread_join(&thread);
	CHECK(minor_faults() - before >= 10);
	CHECK_EQ(sys(SYS_getrusage, RUSAGE_THREAD, &own), 0);
	CHECK(own.ru_minflt <= minor_faults() - 10);
}

static void hold(void *arg)
{
	volatile int *go = arg;

	while (!*go)
		sys(SYS_sched_yield);
}

static long threads_in_status(void)
{
	static char text[4096];
	long fd = sys(SYS_open, "/proc/self/status", 0);
	long n = sys(SYS_read, fd, text, sizeof(text) - 1);

	sys(SYS_close, fd);
	text[n] = '\0';
	return strtol(strstr(text, "Threads:") + 8, NULL, 10);
}

static void check_proc(void)
{
	static volatile int go;
	struct thread thread;
	struct stat stat;
	char path[64], link[64] = "", want[64];

	thread_start(&thread, hold, (void *)&go);
	CHECK_EQ(threads_in_status(), 2);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", thread.id);
	CHECK_EQ(sys(SYS_stat, path, &stat), 0);
	CHECK(sys(SYS_readlink, "/proc/thread-self", link, 63) > 0);
	snprintf(want, sizeof(want), "%d/task/%d", getpid(), getpid());
	CHECK_STR(link, want);
	go = 1;
	thread_join(&thread);
	/* The word is cleared before the thread is gone altogether. */
	while (threads_in_status() != 1)
		sys(SYS_sched_yield);
	CHECK_EQ(sys(SYS_stat, path, &stat), -ENOENT);
}

static void check_flags(void)
{
	CHECK_EQ(sys(SYS_clone, CLONE_THREAD, 0), -EINVAL);
	CHECK_EQ(sys(SYS_clone, CLONE_THREAD | CLONE_VM, 0), -EINVAL);
	CHECK_EQ(sys(SYS_clone, CLONE_SIGHAND, 0), -EINVAL);
	CHECK_EQ(sys(SYS_wait4, -1, 0, 0, 0), -ECHILD);
}

int main(void)
{
	struct thread thread[NR];
	int value[NR];

	for (int i = 0; i < NR; i++) {
		value[i] = i;
		thread_start(&thread[i], count, &value[i]);
	}
	for (int i = 0; i < NR; i++)
		thread_join(&thread[i]);
	CHECK_EQ(counter, NR * ROUNDS);
	CHECK_EQ(local, 5);
	for (int i = 0; i < NR; i++)
		CHECK_EQ(value[i], 5 + i);
	check_shared();
	check_usage();
	check_proc();
	check_flags();
	return check_passed();
}
