/*
 * Condition variables hand waiters over from one futex to another, and glibc's
 * older ones change a word and wake in one call. If a waiter got lost on the
 * way, a program would hang for ever.
 */
#include "thread.h"

#define NR 4
#define WAIT 128	/* private, as the others */
#define WAKE 129
#define REQUEUE 131
#define CMP_REQUEUE 132
#define WAKE_OP 133

static volatile int first, second, entered, woken;

static void wait_first(void *arg)
{
	(void)arg;
	__atomic_fetch_add(&entered, 1, __ATOMIC_SEQ_CST);
	CHECK_EQ(sys(SYS_futex, &first, WAIT, 0, 0), 0);
	__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
}

static char state_of(pid_t tid)
{
	char path[64], text[512];
	long fd, n;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = sys(SYS_open, path, 0);
	n = sys(SYS_read, fd, text, sizeof(text) - 1);
	sys(SYS_close, fd);
	text[n > 0 ? n : 0] = '\0';
	return strrchr(text, ')')[2];
}

static void start_waiters(struct thread *thread)
{
	entered = woken = 0;
	for (int i = 0; i < NR; i++)
		thread_start(&thread[i], wait_first, NULL);
	for (int i = 0; i < NR; i++)
		while (state_of(thread[i].id) != 'S')
			sys(SYS_sched_yield);
	CHECK_EQ(entered, NR);
}

static void join_all(struct thread *thread)
{
	for (int i = 0; i < NR; i++)
		thread_join(&thread[i]);
	CHECK_EQ(woken, NR);
}

static void check_requeue(void)
{
	struct thread thread[NR];

	start_waiters(thread);
	CHECK_EQ(sys(SYS_futex, &first, CMP_REQUEUE, 1, 2, &second, 1),
		 -EAGAIN);
	CHECK_EQ(sys(SYS_futex, &first, CMP_REQUEUE, 1, 2, &second, 0), 3);
	CHECK_EQ(sys(SYS_futex, &first, WAKE, 100), 1);
	CHECK_EQ(sys(SYS_futex, &second, WAKE, 100), 2);
	join_all(thread);
	start_waiters(thread);
	CHECK_EQ(sys(SYS_futex, &first, REQUEUE, 0, 100, &second), NR);
	CHECK_EQ(sys(SYS_futex, &second, WAKE, 100), NR);
	join_all(thread);
	CHECK_EQ(sys(SYS_futex, &first, REQUEUE, -1, 1, &second), -EINVAL);
}

/* second += 3, and wake those of first; of second too if it was 0. */
static void check_wake_op(void)
{
	const int add_3_if_0 = 1 << 28 | 0 << 24 | 3 << 12 | 0;
	struct thread thread[NR];

	start_waiters(thread);
	CHECK_EQ(sys(SYS_futex, &first, WAKE_OP, 2, 2, &second, add_3_if_0), 2);
	CHECK_EQ(second, 3);
	CHECK_EQ(sys(SYS_futex, &second, WAKE_OP, 1, 9, &first, 0), NR - 2);
	CHECK_EQ(first, 0);
	join_all(thread);
	CHECK_EQ(sys(SYS_futex, &first, WAKE_OP, 1, 1, &second, 7 << 28),
		 -ENOSYS);
	CHECK_EQ(sys(SYS_futex, &first, WAKE_OP, 1, 1, 8, 0), -EFAULT);
}

int main(void)
{
	check_requeue();
	check_wake_op();
	return check_passed();
}
