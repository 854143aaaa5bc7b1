/*
 * A thread or process that dies with a lock must not lock out the others: the
 * kernel marks the locks of its robust list and wakes one who waits.
 */
#include <signal.h>
#include <uapi/futex.h>

#include "thread.h"

/* As a thread library lays it out: the list's link, then the futex word. */
struct lock {
	struct robust_list link;
	volatile int word;
};

static struct lock held, waited_for, foreign;
static struct robust_list_head head = {
	.futex_offset = offsetof(struct lock, word),
};

static void list_locks(void)
{
	head.list.next = &held.link;
	held.link.next = &waited_for.link;
	waited_for.link.next = &foreign.link;
	foreign.link.next = &head.list;
	CHECK_EQ(sys(SYS_set_robust_list, &head, sizeof(head)), 0);
}

static void die_with_locks(void *arg)
{
	int tid = (int)sys(SYS_gettid);

	(void)arg;
	list_locks();
	held.word = tid;
	waited_for.word = tid | (int)FUTEX_WAITERS;
	foreign.word = 12345678;
}

static void check_thread(void)
{
	struct thread thread;

	thread_start(&thread, die_with_locks, NULL);
	/* EAGAIN: it was faster. Else we are woken, by the lock's word. */
	while (!waited_for.word)
		sys(SYS_sched_yield);
	sys(SYS_futex, &waited_for.word, FUTEX_WAIT,
	    thread.id | (int)FUTEX_WAITERS, 0);
	CHECK_EQ((unsigned int)waited_for.word,
		 FUTEX_WAITERS | FUTEX_OWNER_DIED);
	thread_join(&thread);
	CHECK_EQ(held.word, FUTEX_OWNER_DIED);
	CHECK_EQ(foreign.word, 12345678);
}

/* A list that leads nowhere, or in a circle, ends nobody but its owner. */
static void bad_list(void)
{
	head.list.next = &held.link;
	held.link.next = (struct robust_list *)16;
	sys(SYS_set_robust_list, &head, sizeof(head));
}

static void circle(void)
{
	head.list.next = &held.link;
	held.link.next = &held.link;
	sys(SYS_set_robust_list, &head, sizeof(head));
}

static void check_calls(void)
{
	struct robust_list_head *got = NULL;
	unsigned long bytes = 0;

	CHECK_EQ(sys(SYS_set_robust_list, &head, 23), -EINVAL);
	CHECK_EQ(sys(SYS_set_robust_list, &head, sizeof(head)), 0);
	CHECK_EQ(sys(SYS_get_robust_list, 0, &got, &bytes), 0);
	CHECK(got == &head);
	CHECK_EQ(bytes, sizeof(head));
	CHECK_EQ(sys(SYS_get_robust_list, 99999, &got, &bytes), -ESRCH);
	CHECK_EQ(sys(SYS_set_robust_list, 0, sizeof(head)), 0);
}

int main(void)
{
	check_calls();
	check_thread();
	CHECK_EQ(check_in_child(bad_list), 0);
	CHECK_EQ(check_in_child(circle), 0);
	return check_passed();
}
