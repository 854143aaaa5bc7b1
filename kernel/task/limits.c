/*
 * Resource limits: the table, and tables of one's own. See limits.h.
 */
#include "limits.h"

#include <uapi/errno.h>

#include "fdtable.h"
#include "kmalloc.h"
#include "string.h"
#include "task.h"

#define STACK_LIMIT_BYTES (8UL << 20)
#define NOFILE_SOFT 1024
#define NR_PROCESSES (PID_MAX / 2)
#define LOCKED_BYTES (8UL << 20)
#define QUEUE_BYTES 819200

static struct limits first_limits = { .refs = 1 };

struct limits *limits_default(void)
{
	struct rlimit *limit = first_limits.limit;

	for (int i = 0; i < RLIM_NLIMITS; i++)
		limit[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	limit[RLIMIT_STACK].rlim_cur = STACK_LIMIT_BYTES;
	limit[RLIMIT_CORE].rlim_cur = 0;
	limit[RLIMIT_NOFILE] = (struct rlimit){ NOFILE_SOFT, NOFILE_MAX };
	limit[RLIMIT_NPROC] = limit[RLIMIT_SIGPENDING] =
		(struct rlimit){ NR_PROCESSES, NR_PROCESSES };
	limit[RLIMIT_MEMLOCK] = (struct rlimit){ LOCKED_BYTES, LOCKED_BYTES };
	limit[RLIMIT_MSGQUEUE] = (struct rlimit){ QUEUE_BYTES, QUEUE_BYTES };
	limit[RLIMIT_NICE] = limit[RLIMIT_RTPRIO] = (struct rlimit){ 0, 0 };
	return limits_get(&first_limits);
}

void limits_put(struct limits *limits)
{
	if (__atomic_sub_fetch(&limits->refs, 1, __ATOMIC_ACQ_REL) == 0)
		kfree(limits);
}

/* Who shares the old table keeps it alive. */
static int make_own(struct task *task)
{
	struct limits *old = task->limits, *own;

	if (__atomic_load_n(&old->refs, __ATOMIC_ACQUIRE) == 1)
		return 0;
	own = kmalloc(sizeof(*own));
	if (!own)
		return -ENOMEM;
	memcpy(own, old, sizeof(*own));
	own->refs = 1;
	__atomic_store_n(&task->limits, own, __ATOMIC_RELEASE);
	limits_put(old);
	return 0;
}

int limits_set_locked(struct task *task, unsigned int resource,
		      const struct rlimit *limit)
{
	int err = make_own(task);

	assert_held(&tasklist_lock);
	if (!err)
		task->limits->limit[resource] = *limit;
	return err;
}
