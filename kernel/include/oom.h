/*
 * Out of memory: somebody has to go.
 */
#pragma once

/*
 * No frame is left for a page that the running task has touched. Pick the task
 * whose death frees most, log it as Linux does, and send it SIGKILL; if it is
 * another one, let it run. The caller retries the access, unless it was picked
 * itself. Takes tasklist_lock; no lock may be held.
 */
void oom_kill(void);
