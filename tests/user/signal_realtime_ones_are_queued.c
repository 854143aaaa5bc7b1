/*
 * Programs pass values by real-time signals: none may be lost, swapped, or
 * taken for another; standard ones arrive once, however often they were sent.
 */
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "check.h"

#define RT 40
#define BIT(sig) (1UL << ((sig) - 1))

static int values[16], signals[16], n;

static void record(int sig, siginfo_t *info, void *context)
{
	(void)context;
	signals[n] = sig;
	values[n++] = info->si_int;
}

static void block(unsigned long set)
{
	CHECK_EQ(sys(SYS_rt_sigprocmask, SIG_SETMASK, &set, 0, 8), 0);
}

static void queue(int sig, int value)
{
	CHECK_EQ(sigqueue(getpid(), sig, (union sigval){ value }), 0);
}

static void delivered_in_order(void)
{
	static const int want[] = { 7, 1, 2, 3, 10 };

	block(~0UL);
	queue(RT + 1, 7);
	for (int i = 1; i <= 3; i++)
		queue(RT, i);
	for (int i = 10; i <= 13; i++)
		queue(SIGUSR1, i);
	block(0);
	/* Lower numbers are taken first, so their frames lie below the rest. */
	CHECK_EQ(n, 5);
	for (int i = 0; i < n; i++)
		CHECK_EQ(values[i], want[i]);
	n = 0;
}

static void waited_for(void)
{
	struct timespec soon = { 0, 20000000 };
	unsigned long set = BIT(RT) | BIT(SIGUSR1), pending;
	siginfo_t info;

	block(set);
	queue(RT, 1);
	queue(RT, 2);
	queue(SIGUSR1, 9);
	CHECK_EQ(sys(SYS_rt_sigpending, &pending, 8), 0);
	CHECK_EQ(pending, set);
	CHECK_EQ(sys(SYS_rt_sigtimedwait, &set, &info, &soon, 8), SIGUSR1);
	CHECK_EQ(info.si_int, 9);
	for (int i = 1; i <= 2; i++) {
		CHECK_EQ(sys(SYS_rt_sigtimedwait, &set, &info, &soon, 8), RT);
		CHECK_EQ(info.si_int, i);
		CHECK_EQ(info.si_code, SI_QUEUE);
		CHECK_EQ(info.si_pid, getpid());
	}
	CHECK_EQ(sys(SYS_rt_sigtimedwait, &set, &info, &soon, 8), -EAGAIN);
	CHECK_EQ(n, 0);
	block(0);
}

static void limited(void)
{
	struct rlimit limit = { 20, 20 };
	int sent = 0;

	CHECK_EQ(setrlimit(RLIMIT_SIGPENDING, &limit), 0);
	block(BIT(RT));
	while (sent < 100 && sigqueue(getpid(), RT, (union sigval){ 0 }) == 0)
		sent++;
	CHECK(sent > 0 && sent <= 20);
	CHECK_EQ(errno, EAGAIN);
	_exit(0);
}

/* Nobody can be made to believe that the kernel or kill sent it. */
static void forged(void)
{
	siginfo_t info = { .si_code = SI_USER };

	CHECK_EQ(sys(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info), -EPERM);
	info.si_code = SI_KERNEL;
	CHECK_EQ(sys(SYS_rt_sigqueueinfo, getppid(), SIGUSR1, &info), -EPERM);
}

static volatile int suspended_calls;

static void count(int sig)
{
	(void)sig;
	suspended_calls++;
}

static void suspended(void)
{
	struct sigaction act = { .sa_handler = count };
	unsigned long none = 0, now;

	sigaction(SIGUSR2, &act, NULL);
	block(BIT(SIGUSR2));
	CHECK_EQ(sys(SYS_kill, getpid(), SIGUSR2), 0);
	CHECK_EQ(suspended_calls, 0);
	CHECK_EQ(sys(SYS_rt_sigsuspend, &none, 8), -EINTR);
	CHECK_EQ(suspended_calls, 1);
	sys(SYS_rt_sigprocmask, SIG_BLOCK, 0, &now, 8);
	CHECK_EQ(now, BIT(SIGUSR2));
	block(0);
}

int main(void)
{
	struct sigaction act = { .sa_sigaction = record,
				 .sa_flags = SA_SIGINFO };

	CHECK_EQ(sigaction(RT, &act, NULL), 0);
	CHECK_EQ(sigaction(RT + 1, &act, NULL), 0);
	CHECK_EQ(sigaction(SIGUSR1, &act, NULL), 0);
	delivered_in_order();
	waited_for();
	suspended();
	CHECK_EQ(check_in_child(forged), EXITED(0));
	CHECK_EQ(check_in_child(limited), EXITED(0));
	return check_passed();
}
