/*
 * The tasks of one moment, for commands that print them at their leisure:
 * printing may sleep, and no lock is held then.
 */
#pragma once

#include "ps_format.h"

struct mm_struct;
struct task;

/*
 * All tasks but the idle one, ascending by pid, in an array from kmalloc() that
 * the caller frees. NULL: no memory.
 */
struct ps_task *snapshot_tasks(size_t *nr);

/*
 * The address space of @task with a reference, for mm_put(), or NULL: a kernel
 * task or a zombie has none. tasklist_lock is held, so @task exists.
 */
struct mm_struct *task_mm_get_locked(struct task *task);
