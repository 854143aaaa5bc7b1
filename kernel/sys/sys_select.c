/*
 * select and pselect6: descriptors as bits of three sets, which come back with
 * only the bits of those that are ready.
 */
#include <uapi/errno.h>

#include "kmalloc.h"
#include "poll_set.h"
#include "string.h"
#include "syscall.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"
#include "user_time.h"

#define BITS_PER_WORD 64
#define NSEC_PER_USEC 1000UL
#define USEC_PER_SEC 1000000L

/* Bits that Linux looks at even if the table of descriptors is smaller. */
#define FDS_MIN 64u

/* What each of the sets asks poll for, and which answers set its bit. */
static const struct {
	short ask, answer;
} kinds[] = {
	{ POLLIN | POLLRDNORM | POLLRDBAND,
	  POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR },
	{ POLLOUT | POLLWRNORM | POLLWRBAND,
	  POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR },
	{ POLLPRI, POLLPRI },
};

#define NR_KINDS ARRAY_SIZE(kinds)

struct selection {
	unsigned int nr;        /* bits of a set */
	vaddr_t user[NR_KINDS]; /* 0: no set */
	uint64_t *bits[NR_KINDS];
};

static size_t set_words(const struct selection *selection)
{
	return (selection->nr + BITS_PER_WORD - 1) / BITS_PER_WORD;
}

static bool test_bit(const uint64_t *bits, unsigned int bit)
{
	return bits[bit / BITS_PER_WORD] >> bit % BITS_PER_WORD & 1;
}

/* Linux looks no further than the table of descriptors reaches. */
static unsigned int clip(unsigned int nr)
{
	unsigned int end = current->files->capacity;

	if (end < FDS_MIN)
		end = FDS_MIN;
	return nr < end ? nr : end;
}

/* One block of memory has the bits of all sets. */
static int get_sets(struct selection *selection)
{
	size_t words = set_words(selection);
	int err = 0;

	selection->bits[0] = kzalloc((NR_KINDS * words + 1) * sizeof(uint64_t));
	if (!selection->bits[0])
		return -ENOMEM;
	for (size_t i = 0; i < NR_KINDS && !err; i++) {
		selection->bits[i] = selection->bits[0] + i * words;
		if (selection->user[i])
			err = copy_from_user(selection->bits[i],
					     selection->user[i],
					     words * sizeof(uint64_t));
	}
	return err;
}

static int put_sets(const struct selection *selection)
{
	int err = 0;

	for (size_t i = 0; i < NR_KINDS && !err; i++)
		if (selection->user[i])
			err = copy_to_user(selection->user[i],
					   selection->bits[i],
					   set_words(selection) *
						   sizeof(uint64_t));
	return err;
}

/* What the sets want of @fd; 0: it is in none. */
static short wanted(const struct selection *selection, unsigned int fd)
{
	short events = 0;

	for (size_t i = 0; i < NR_KINDS; i++)
		if (test_bit(selection->bits[i], fd))
			events |= kinds[i].ask;
	return events;
}

static unsigned int count_wanted(const struct selection *selection)
{
	unsigned int nr = 0;

	for (unsigned int fd = 0; fd < selection->nr; fd++)
		nr += wanted(selection, fd) != 0;
	return nr;
}

/* An entry for each descriptor in a set. -EBADF: one is not open. */
static int fill_poll_set(struct poll_set *set,
			 const struct selection *selection)
{
	set->entries = kzalloc((count_wanted(selection) + 1) *
			       sizeof(*set->entries));
	if (!set->entries)
		return -ENOMEM;
	for (unsigned int fd = 0; fd < selection->nr; fd++) {
		struct poll_entry *entry = &set->entries[set->nr];
		short events = wanted(selection, fd);

		if (!events)
			continue;
		entry->request = (struct pollfd){ (int)fd, events, 0 };
		entry->fd = fd_get((int)fd);
		if (!entry->fd.file)
			return -EBADF;
		set->nr++;
	}
	return 0;
}

/* Leave the bits of what is ready; how many bits that is in all sets. */
static long keep_ready(struct selection *selection, const struct poll_set *set)
{
	long nr = 0;

	for (size_t i = 0; i < NR_KINDS; i++) {
		uint64_t *bits = selection->bits[i];

		for (unsigned int j = 0; j < set->nr; j++) {
			const struct pollfd *request = &set->entries[j].request;
			unsigned int fd = (unsigned int)request->fd;

			if (!test_bit(bits, fd))
				continue;
			if (request->revents & kinds[i].answer)
				nr++;
			else
				bits[fd / BITS_PER_WORD] &=
					~(1UL << fd % BITS_PER_WORD);
		}
	}
	return nr;
}

static long select_filled(struct selection *selection, uint64_t deadline_ns)
{
	struct poll_set set = { .nr = 0 };
	long ready = fill_poll_set(&set, selection);

	if (!ready)
		ready = poll_set_wait(&set, deadline_ns);
	if (ready >= 0) {
		ready = keep_ready(selection, &set);
		if (put_sets(selection))
			ready = -EFAULT;
	}
	poll_set_free(&set);
	return ready;
}

static long do_select(int nr, const vaddr_t user[NR_KINDS],
		      uint64_t deadline_ns)
{
	struct selection selection = { .user = { user[0], user[1], user[2] } };
	long ready;

	if (nr < 0)
		return -EINVAL;
	selection.nr = clip((unsigned int)nr);
	ready = get_sets(&selection);
	if (!ready)
		ready = select_filled(&selection, deadline_ns);
	kfree(selection.bits[0]);
	return ready;
}

/* A struct timeval may have more microseconds than a second has. */
static int deadline_from_timeval(vaddr_t user, uint64_t *deadline_ns)
{
	struct timeval time;
	uint64_t ns;
	int err = copy_from_user(&time, user, sizeof(time));

	if (err)
		return err;
	if (time.tv_sec < 0 || time.tv_usec < 0)
		return -EINVAL;
	time.tv_sec += time.tv_usec / USEC_PER_SEC;
	time.tv_usec %= USEC_PER_SEC;
	if (__builtin_mul_overflow((uint64_t)time.tv_sec, NSEC_PER_SEC, &ns))
		ns = UINT64_MAX;
	ns = add_saturating(ns, (uint64_t)time.tv_usec * NSEC_PER_USEC);
	*deadline_ns = add_saturating(ktime_ns(), ns);
	return 0;
}

/* As put_time_left(), for a struct timeval. */
static long put_timeval_left(vaddr_t user, uint64_t deadline_ns, long ready)
{
	struct timespec left = ns_to_timespec(time_left(deadline_ns));
	struct timeval time = { left.tv_sec,
				left.tv_nsec / (long)NSEC_PER_USEC };

	if (copy_to_user(user, &time, sizeof(time)) && ready == -ERESTARTNOHAND)
		return -EINTR;
	return ready;
}

long sys_select(int nr, vaddr_t readable, vaddr_t writable, vaddr_t exceptional,
		vaddr_t timeout)
{
	const vaddr_t sets[NR_KINDS] = { readable, writable, exceptional };
	uint64_t deadline = NO_DEADLINE;
	long ready;
	int err = timeout ? deadline_from_timeval(timeout, &deadline) : 0;

	if (err)
		return err;
	ready = do_select(nr, sets, deadline);
	return timeout ? put_timeval_left(timeout, deadline, ready) : ready;
}

/* The sixth argument points to two more: the set of signals and its size. */
static int get_signal_set(vaddr_t user, bool *has_set, uint64_t *set)
{
	struct {
		vaddr_t set;
		size_t bytes;
	} argument = { 0, 0 };
	int err = user ? copy_from_user(&argument, user, sizeof(argument)) : 0;

	*has_set = argument.set;
	if (err || !argument.set)
		return err;
	if (argument.bytes != sizeof(*set))
		return -EINVAL;
	return copy_from_user(set, argument.set, sizeof(*set));
}

long sys_pselect6(int nr, vaddr_t readable, vaddr_t writable,
		  vaddr_t exceptional, vaddr_t timeout, vaddr_t signals)
{
	const vaddr_t sets[NR_KINDS] = { readable, writable, exceptional };
	uint64_t deadline = NO_DEADLINE, blocked;
	bool has_set;
	long ready;
	int err = get_signal_set(signals, &has_set, &blocked);

	if (!err && timeout)
		err = deadline_from_user(timeout, &deadline);
	if (err)
		return err;
	if (has_set)
		signal_swap_blocked(blocked);
	ready = do_select(nr, sets, deadline);
	if (has_set)
		signal_unswap_blocked(ready == -ERESTARTNOHAND);
	return timeout ? put_time_left(timeout, deadline, ready) : ready;
}
