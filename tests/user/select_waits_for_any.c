/*
 * Programs older than poll(2) wait with select(2): each set comes back with what
 * is ready, the timeout with what is left, and signals end the wait.
 */
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "check.h"

/* One word is enough of a set here. */
#define BIT(fd) (1UL << (fd))

static int ends[2];
static unsigned long in, out, except;

static long select_for(long usec)
{
	struct timeval time = { 0, usec };

	return sys(SYS_select, 20, &in, &out, &except, &time);
}

static void set(unsigned long new_in, unsigned long new_out)
{
	in = new_in;
	out = new_out;
	except = 0;
}

static void check_readiness(void)
{
	char byte;

	CHECK_EQ(sys(SYS_pipe, ends), 0);
	set(BIT(ends[0]), 0);
	CHECK_EQ(select_for(1000), 0);
	CHECK_EQ(in, 0);
	set(BIT(ends[0]) | BIT(ends[1]), BIT(ends[1]));
	CHECK_EQ(select_for(900000), 1);
	CHECK_EQ(in, 0);
	CHECK_EQ(out, BIT(ends[1]));
	CHECK_EQ(sys(SYS_write, ends[1], "x", 1), 1);
	set(BIT(ends[0]), BIT(ends[1]));
	CHECK_EQ(select_for(900000), 2);
	CHECK_EQ(sys(SYS_read, ends[0], &byte, 1), 1);
	CHECK_EQ(sys(SYS_close, ends[1]), 0);
	set(BIT(ends[0]), BIT(ends[0]));
	CHECK_EQ(select_for(900000), 1);
	CHECK_EQ(in, BIT(ends[0]));
}

static void check_errors(void)
{
	struct timeval time = { -1, 0 };

	set(BIT(19), 0);
	CHECK_EQ(select_for(0), -EBADF);
	CHECK_EQ(in, BIT(19));
	CHECK_EQ(sys(SYS_select, -1, 0, 0, 0, 0), -EINVAL);
	CHECK_EQ(sys(SYS_select, 0, 0, 0, 0, &time), -EINVAL);
	CHECK_EQ(sys(SYS_select, 1, 8, 0, 0, 0), -EFAULT);
	CHECK_EQ(sys(SYS_select, 0, 0, 0, 0, 8), -EFAULT);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void check_time_and_signals(void)
{
	struct itimerval soon = { { 0, 0 }, { 0, 20000 } };
	struct timeval time = { 5, 1500000 };
	struct timespec fine = { 0, 1000000 };
	unsigned long none = 0, alarm_set = BIT(SIGALRM - 1);
	unsigned long argument[2] = { (unsigned long)&none, 8 };

	signal(SIGALRM, on_alarm);
	CHECK_EQ(sys(SYS_setitimer, ITIMER_REAL, &soon, 0), 0);
	CHECK_EQ(sys(SYS_select, 0, 0, 0, 0, &time), -EINTR);
	CHECK(time.tv_sec == 6 || (time.tv_sec == 5 && time.tv_usec > 500000));
	CHECK_EQ(sys(SYS_pselect6, 0, 0, 0, 0, &fine, 0), 0);
	CHECK_EQ(fine.tv_nsec, 0);
	CHECK_EQ(sys(SYS_rt_sigprocmask, SIG_BLOCK, &alarm_set, 0, 8), 0);
	CHECK_EQ(sys(SYS_kill, getpid(), SIGALRM), 0);
	fine.tv_sec = 5;
	CHECK_EQ(sys(SYS_pselect6, 0, 0, 0, 0, &fine, argument), -EINTR);
	argument[1] = 4;
	CHECK_EQ(sys(SYS_pselect6, 0, 0, 0, 0, &fine, argument), -EINVAL);
}

int main(void)
{
	check_readiness();
	check_errors();
	check_time_and_signals();
	return check_passed();
}
