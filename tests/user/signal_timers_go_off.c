/* A program that sets itself a time limit would never stop, or too early. */
#include <signal.h>
#include <sys/time.h>

#include "check.h"

static volatile int calls;

static void count(int sig)
{
	(void)sig;
	calls++;
}

static long set_timer(int which, long first_ms, long every_ms)
{
	struct itimerval value = { { 0, every_ms * 1000 },
				   { 0, first_ms * 1000 } };

	return sys(SYS_setitimer, which, &value, 0);
}

static void real_repeats(void)
{
	struct itimerval now;

	CHECK_EQ(set_timer(ITIMER_REAL, 20, 10), 0);
	CHECK_EQ(sys(SYS_getitimer, ITIMER_REAL, &now), 0);
	CHECK(now.it_value.tv_usec > 0 && now.it_value.tv_usec <= 21000);
	CHECK_EQ(now.it_interval.tv_usec, 10000);
	for (int i = 1; i <= 3; i++) {
		CHECK_EQ(sys(SYS_pause), -EINTR);
		CHECK_EQ(calls, i);
	}
	CHECK_EQ(set_timer(ITIMER_REAL, 0, 0), 0);
	CHECK_EQ(sys(SYS_getitimer, ITIMER_REAL, &now), 0);
	CHECK_EQ(now.it_value.tv_usec, 0);
}

static void alarm_tells_what_is_left(void)
{
	CHECK_EQ(sys(SYS_alarm, 100), 0);
	CHECK_EQ(sys(SYS_alarm, 50), 100);
	CHECK_EQ(sys(SYS_alarm, 0), 50);
	CHECK_EQ(sys(SYS_alarm, 0), 0);
}

static void cpu_time(int which, int sig)
{
	signal(sig, count);
	calls = 0;
	CHECK_EQ(set_timer(which, 20, 0), 0);
	while (!calls)
		;
	CHECK_EQ(calls, 1);
}

static void killed_by_alarm(void)
{
	signal(SIGALRM, SIG_DFL);
	set_timer(ITIMER_REAL, 30, 0);
	for (;;)
		;
}

static void child_has_none(void)
{
	struct itimerval now;

	CHECK_EQ(sys(SYS_getitimer, ITIMER_REAL, &now), 0);
	CHECK_EQ(now.it_value.tv_sec, 0);
	CHECK_EQ(now.it_value.tv_usec, 0);
}

int main(void)
{
	struct sigaction act = { .sa_handler = count };

	CHECK_EQ(sigaction(SIGALRM, &act, NULL), 0);
	real_repeats();
	alarm_tells_what_is_left();
	cpu_time(ITIMER_VIRTUAL, SIGVTALRM);
	cpu_time(ITIMER_PROF, SIGPROF);
	CHECK_EQ(check_in_child(killed_by_alarm), KILLED(SIGALRM));
	sys(SYS_alarm, 60);
	CHECK_EQ(check_in_child(child_has_none), EXITED(0));
	CHECK_EQ(set_timer(7, 1, 1), -EINVAL);
	return check_passed();
}
