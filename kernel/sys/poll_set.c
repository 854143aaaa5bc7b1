/*
 * Waiting for several files.
 *
 * The task stands in the wait queue of each file at once, looks at all of them
 * a last time, and sleeps; the first to change wakes it. Files that never
 * change have no queue, and are ready.
 */
#include "poll_set.h"

#include "file.h"
#include "kmalloc.h"
#include "signal.h"
#include "task.h"
#include "timer.h"

/* Reported whether asked for or not. */
#define POLL_ALWAYS (POLLERR | POLLHUP)

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

long poll_set_wait(struct poll_set *set, uint64_t deadline_ns)
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

void poll_set_free(struct poll_set *set)
{
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->entries[i].fd.file)
			fd_put(set->entries[i].fd);
	kfree(set->entries);
}
