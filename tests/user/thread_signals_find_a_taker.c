/*
 * A signal for a process is taken by a thread that does not block it, one for a
 * thread by that thread alone, and a stop stops all of them.
 */
#include <signal.h>
#include <time.h>

#include "thread.h"

static volatile int taker, nr_taken;
static volatile int ready, done;

static void note_taker(int sig)
{
	(void)sig;
	taker = (int)sys(SYS_gettid);
	nr_taken++;
}

static void set_mask(int how, int sig)
{
	unsigned long set = 1UL << (sig - 1);

	CHECK_EQ(sys(SYS_rt_sigprocmask, how, &set, 0, 8), 0);
}

/* Takes SIGUSR1, which the others block. */
static void take_signals(void *arg)
{
	(void)arg;
	set_mask(SIG_UNBLOCK, SIGUSR1);
	ready = 1;
	while (!done)
		sys(SYS_sched_yield);
}

static void block_signals(void *arg)
{
	(void)arg;
	ready = 1;
	while (!done)
		sys(SYS_sched_yield);
	set_mask(SIG_UNBLOCK, SIGUSR1);
}

static void start(struct thread *thread, void (*fn)(void *))
{
	ready = done = 0;
	thread_start(thread, fn, NULL);
	while (!ready)
		sys(SYS_sched_yield);
}

static void check_process_directed(void)
{
	struct thread thread;

	nr_taken = 0;
	start(&thread, take_signals);
	CHECK_EQ(sys(SYS_kill, getpid(), SIGUSR1), 0);
	while (!nr_taken)
		sys(SYS_sched_yield);
	CHECK_EQ(taker, thread.id);
	done = 1;
	thread_join(&thread);
}

static void check_thread_directed(void)
{
	unsigned long pending = 0;
	struct thread thread;

	nr_taken = 0;
	start(&thread, block_signals);
	CHECK_EQ(sys(SYS_tgkill, getpid(), thread.id, SIGUSR1), 0);
	CHECK_EQ(sys(SYS_rt_sigpending, &pending, 8), 0);
	CHECK_EQ(pending, 0);	/* not ours */
	CHECK_EQ(sys(SYS_kill, getpid(), SIGUSR1), 0);
	CHECK_EQ(sys(SYS_rt_sigpending, &pending, 8), 0);
	CHECK_EQ(pending, 1UL << (SIGUSR1 - 1));
	CHECK_EQ(nr_taken, 0);
	done = 1;
	thread_join(&thread);
	CHECK_EQ(nr_taken, 2);
	CHECK_EQ(taker, thread.id);
	CHECK_EQ(sys(SYS_tgkill, getpid() + 1, thread.id, 0), -ESRCH);
	CHECK_EQ(sys(SYS_tgkill, getpid(), 0, 0), -EINVAL);
}

static void sleep_ms(long ms)
{
	struct timespec time = { 0, ms * 1000000 };

	sys(SYS_nanosleep, &time, 0);
}

static volatile long *work;

static void count(void *arg)
{
	(void)arg;
	for (;;)
		++*work;
}

static void check_stop(void)
{
	struct thread thread;
	long seen;
	int status;
	pid_t pid;

	work = (volatile long *)sys(SYS_mmap, 0, PAGE_SIZE, RW,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = check_fork();
	if (pid == 0) {
		thread_start(&thread, count, NULL);
		for (;;)
			sys(SYS_pause);
	}
	while (!*work)
		sys(SYS_sched_yield);
	CHECK_EQ(sys(SYS_kill, pid, SIGSTOP), 0);
	CHECK_EQ(sys(SYS_wait4, pid, &status, WUNTRACED, 0), pid);
	CHECK_EQ(status, SIGSTOP << 8 | 0x7f);
	seen = *work;
	sleep_ms(20);
	CHECK_EQ(*work, seen);
	CHECK_EQ(sys(SYS_kill, pid, SIGCONT), 0);
	CHECK_EQ(sys(SYS_wait4, pid, &status, WCONTINUED, 0), pid);
	CHECK_EQ(status, 0xffff);
	while (*work == seen)
		sys(SYS_sched_yield);
	CHECK_EQ(sys(SYS_kill, pid, SIGKILL), 0);
	CHECK_EQ(check_wait(pid), SIGKILL);
}

int main(void)
{
	signal(SIGUSR1, note_taker);
	set_mask(SIG_BLOCK, SIGUSR1);
	check_process_directed();
	check_thread_directed();
	check_stop();
	return check_passed();
}
