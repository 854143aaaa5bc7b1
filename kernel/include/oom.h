/*
 * Out of memory: somebody has to go.
 */
#pragma once

#include "types.h"

struct task;

/*
 * task->oom_score_adj, as /proc shows it and fork inherits it: thousandths of
 * RAM that a task counts for beside what it has. The least one means "never".
 */
#define OOM_SCORE_ADJ_MIN (-1000)
#define OOM_SCORE_ADJ_MAX 1000

#define OOM_NEVER INT64_MIN

/* Tasks that were killed for their memory since boot. */
extern uint64_t oom_kills;

/*
 * How many pages the death of @task is worth, or OOM_NEVER: it has no memory, or
 * is not to be killed. Caller holds tasklist_lock.
 */
int64_t oom_badness(const struct task *task);

/*
 * Somebody has been picked and has not given its memory back yet: let it run. False:
 * there is no such task, or it is the running one. To be asked before reclaim looks
 * at everything: a thousand tasks that all do so keep the one from dying. Takes
 * tasklist_lock and sleeps.
 */
bool oom_wait_for_victim(void);

/*
 * No frame is left for a page that the running task has touched. Pick the task
 * whose death frees most, log it as Linux does, and send it SIGKILL; if it is
 * another one, let it run. The caller retries the access, unless it was picked
 * itself. Takes tasklist_lock; no lock may be held.
 */
void oom_kill(void);
