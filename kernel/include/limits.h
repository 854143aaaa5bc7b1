/*
 * Resource limits. A child has its parent's, and hardly anybody changes them: so
 * tasks share one table until one of them sets a limit.
 */
#pragma once

#include <uapi/resource.h>

#include "types.h"

struct task;

struct limits {
	uint32_t refs;                     /* atomic */
	struct rlimit limit[RLIM_NLIMITS]; /* tasklist_lock */
};

static inline struct limits *limits_get(struct limits *limits)
{
	__atomic_fetch_add(&limits->refs, 1, __ATOMIC_RELAXED);
	return limits;
}

void limits_put(struct limits *limits);

/* What the first task starts with; called once. */
struct limits *limits_default(void);

/* Give @task, and nobody else, another @limit. Under tasklist_lock. 0 or -ENOMEM. */
int limits_set_locked(struct task *task, unsigned int resource,
		      const struct rlimit *limit);
