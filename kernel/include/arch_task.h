/*
 * The processor's side of a task: its kernel stack's contents, its registers
 * while it does not run, and the switch from one task to another.
 *
 * A kernel stack, from its top down:
 *
 *	kstack_top   +------------------------+
 *	             | struct trap_frame      |  <- task_frame(): the last entry
 *	             +------------------------+     from user mode
 *	             | C frames of the kernel |
 *	kernel_sp    | callee-saved registers |  <- arch_switch(), while not running
 *	             +------------------------+
 *	             | guard page             |
 */
#pragma once

#include "task.h"
#include "trap.h"
#include "types.h"

/* The user registers of @task; meaningless for a kernel thread. */
static inline struct trap_frame *task_frame(const struct task *task)
{
	return (struct trap_frame *)task->kstack_top - 1;
}

/*
 * Prepare @task, whose kstack_top is set, to run @fn(@arg) at its first switch.
 * When @fn returns, the task goes to user mode through task_frame(), which @fn
 * has filled then (exec does); a kernel thread's @fn must not return.
 */
void arch_task_init(struct task *task, void (*fn)(void *), void *arg);

/*
 * Prepare @child, whose kstack_top is set, to return from the system call that
 * the running task is in: the same user registers, but with a result of 0. FPU
 * state and thread pointer are copied too.
 */
void arch_task_fork(struct task *child);

/*
 * exec: the running task will enter user mode at @entry with stack pointer
 * @stack and every other register, FPU included, as a new program finds it.
 */
void arch_task_exec(vaddr_t entry, vaddr_t stack);

/* arch_prctl(ARCH_SET_FS): the running task's thread pointer. */
void arch_set_fs_base(uint64_t base);

/*
 * Save @prev, continue @next where it last called this, or start it. Interrupts
 * are off. Returns, in the task that was @prev, once it is continued, the task
 * that ran just before. The caller has switched the address space. A task that
 * runs for the first time calls sched_started() instead of returning from here.
 */
struct task *arch_switch(struct task *prev, struct task *next);

/*
 * The scheduler's: first thing a new task does, with interrupts off as after
 * arch_switch(). @prev ran before.
 */
void sched_started(struct task *prev);

/* Switch interrupts on and halt until one has been handled. */
void arch_wait_for_interrupt(void);
