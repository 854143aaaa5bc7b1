/*
 * poll and ppoll: a list of descriptors, each with what is wanted of it.
 */
#include <uapi/errno.h>
#include <uapi/resource.h>

#include "kmalloc.h"
#include "poll_set.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"
#include "user_time.h"

#define NSEC_PER_MSEC 1000000ULL

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
		ready = poll_set_wait(&set, deadline_ns);
	if (ready >= 0 && put_answers(&set, user))
		ready = -EFAULT;
	poll_set_free(&set);
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

/*
 * poll with a finer clock and, while it waits, another set of blocked signals.
 * @timeout comes back with what is left of it.
 */
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
	return timeout ? put_time_left(timeout, deadline, ready) : ready;
}
