/*
 * The running task, for host tests of kernel code that asks for it. Such a test
 * is compiled with this file in front (-include) and defines host_task.
 */
#pragma once

struct task;

extern struct task host_task;

static inline struct task *current_task(void)
{
	return &host_task;
}
