/*
 * Sleeping until one of several files is ready: what poll and select share.
 */
#pragma once

#include <uapi/poll.h>

#include "fdtable.h"
#include "sched.h"
#include "types.h"

#define NO_DEADLINE UINT64_MAX

struct poll_entry {
	struct pollfd request; /* revents: the answer */
	struct fd fd;          /* of request.fd; no file: POLLNVAL */
	struct wait_queue *queue; /* NULL: nothing to wait for */
	struct waiter waiter;
};

struct poll_set {
	struct poll_entry *entries;
	unsigned int nr;
};

/*
 * Sleep until a file of @set is ready, whose requests and files are filled in,
 * or the clock reaches @deadline_ns. How many are ready, or -ERESTARTNOHAND.
 */
long poll_set_wait(struct poll_set *set, uint64_t deadline_ns);

/* Give the files back and free the entries, which are kmalloc'ed. */
void poll_set_free(struct poll_set *set);
