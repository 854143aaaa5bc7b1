/*
 * poll and ppoll: sleep until one of several files is ready.
 *
 * The task stands in the wait queue of each file at once, looks at all of them
 * a last time, and sleeps; the first to change wakes it. Files that never
 * change have no queue, and are ready.
 */
#include <uapi/errno.h>
#include <uapi/poll.h>
#include <uapi/resource.h>

#include "fdtable.h"
#include "file.h"
#include "kmalloc.h"
#include "sched.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"
#include "user_time.h"

/* Reported whether asked for or not. */
#define POLL_ALWAYS (POLLERR | POLLHUP)

#define NSEC_PER_MSEC 1000000ULL
#define NO_DEADLINE UINT64_MAX

struct poll_entry {
	struct pollfd request;
	struct fd fd;
	struct wait_queue *queue; /* NULL: nothing to wait for */
	struct waiter waiter;
};

struct poll_set {
	struct poll_entry *entries;
	unsigned int nr;
};

/* What holds for one file now, in request.revents; its queue in queue. */
static void look(struct poll_entry *entry)
{
	struct pollfd *request = &entry->request;
	struct wait_queue *queue = NULL;
	unsigned int events;

	if (request->fd < 0) {
		events = 0;
	} else if (!entry->fd.file) {
		events = POLLNVAL;
	} else {
		events = file_poll(entry->fd.file, &queue);
		events &= (unsigned short)request->events | POLL_ALWAYS;
	}
	request->revents = (short)events;
	entry->queue = queue;
}

/* How many files are ready. */
static unsigned int look_at_all(struct poll_set *set)
{
	unsigned int ready = 0;

	for (unsigned int i = 0; i < set->nr; i++) {
		look(&set->entries[i]);
		ready += set->entries[i].request.revents != 0;
	}
	return ready;
}

static void enter_queues(struct poll_set *set)
{
	current->state = TASK_SLEEPING; /* also if there is no queue at all */
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->entries[i].queue)
			wait_prepare(set->entries[i].queue,
				     &set->entries[i].waiter);
}

static void leave_queues(struct poll_set *set)
{
	current->state = TASK_RUNNING;
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->entries[i].queue)
			wait_finish(set->entries[i].queue,
				    &set->entries[i].waiter);
}

/* One sleep, unless something is ready by now. */
static void sleep_once(struct poll_set *set, uint64_t deadline_ns)
{
	enter_queues(set);
	sched_timer_start(deadline_ns);
	if (!look_at_all(set) && !signal_pending() && ktime_ns() < deadline_ns)
		schedule();
	sched_timer_stop();
	leave_queues(set);
}

static long poll_until(struct poll_set *set, uint64_t deadline_ns)
{
	unsigned int ready;

	while ((ready = look_at_all(set)) == 0) {
		if (ktime_ns() >= deadline_ns)
			return 0;
		if (signal_pending())
			return -ERESTARTNOHAND;
		sleep_once(set, deadline_ns);
	}
	return ready;
}

/* ---- between user memory and struct poll_set ---- */

static int get_requests(struct poll_set *set, vaddr_t user)
{
	for (unsigned int i = 0; i < set->nr; i++) {
		struct poll_entry *entry = &set->entries[i];
		int err = copy_from_user(&entry->request,
					 user + i * sizeof(struct pollfd),
					 sizeof(struct pollfd));

		if (err)
			return err;
		entry->fd = fd_get(entry->request.fd);
	}
	return 0;
}

static int put_answers(const struct poll_set *set, vaddr_t user)
{
	int err = 0;

	for (unsigned int i = 0; i < set->nr && !err; i++)
		err = copy_to_user(user + i * sizeof(struct pollfd) +
					   offsetof(struct pollfd, revents),
				   &set->entries[i].request.revents,
				   sizeof(short));
	return err;
}

static void put_files(struct poll_set *set)
{
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->entries[i].fd.file)
			fd_put(set->entries[i].fd);
}

static long do_poll(vaddr_t user, unsigned int nr, uint64_t deadline_ns)
{
	struct poll_set set = { .nr = nr };
	long ready;

	if (nr > task_rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	set.entries = kzalloc((nr + 1) * sizeof(*set.entries));
	if (!set.entries)
		return -ENOMEM;
	ready = get_requests(&set, user);
	if (!ready)
		ready = poll_until(&set, deadline_ns);
	if (ready >= 0 && put_answers(&set, user))
		ready = -EFAULT;
	put_files(&set);
	kfree(set.entries);
	return ready;
}

/* poll goes on with the time that is left, ppoll begins anew. */
static long poll_rest(const struct restart *restart)
{
	long ready = do_poll(restart->user, restart->nr, restart->deadline_ns);

	return ready == -ERESTARTNOHAND ? -ERESTART_RESTARTBLOCK : ready;
}

long sys_poll(vaddr_t fds, unsigned int nr, int timeout_ms)
{
	uint64_t deadline = NO_DEADLINE;

	if (timeout_ms >= 0)
		deadline = ktime_ns() + (uint64_t)timeout_ms * NSEC_PER_MSEC;
	current->restart = (struct restart){ poll_rest, deadline, fds, nr };
	return poll_rest(&current->restart);
}

/* poll with a finer clock and, while it waits, another set of blocked signals. */
long sys_ppoll(vaddr_t fds, unsigned int nr, vaddr_t timeout, vaddr_t user_set,
	       size_t set_bytes)
{
	uint64_t deadline = NO_DEADLINE, set;
	long ready;
	int err = 0;

	if (timeout)
		err = deadline_from_user(timeout, &deadline);
	if (!err && user_set)
		err = set_bytes == sizeof(set)
			      ? copy_from_user(&set, user_set, sizeof(set))
			      : -EINVAL;
	if (err)
		return err;
	if (user_set)
		signal_swap_blocked(set);
	ready = do_poll(fds, nr, deadline);
	if (user_set)
		signal_unswap_blocked(ready == -ERESTARTNOHAND);
	return ready;
}
