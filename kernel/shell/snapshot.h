/*
 * The tasks of one moment, for commands that print them at their leisure:
 * printing may sleep, and no lock is held then.
 */
#pragma once

#include "ps_format.h"

/*
 * All tasks but the idle one, ascending by pid, in an array from kmalloc() that
 * the caller frees. NULL: no memory.
 */
struct ps_task *snapshot_tasks(size_t *nr);
