/*
 * Fault injection, chosen by a program: /proc/PID/fail-nth, as Linux has it.
 *
 * Writing n makes the n-th thing fail that the task asks of the kernel's memory or
 * disks from then on. Reading tells how many are still to come: 0, it has failed.
 * Tests count n up until what they do is not hit any more, and so have every
 * single failure happen once.
 */
#pragma once

#include "types.h"

struct proc_text;
struct task;

int proc_write_fail_nth(struct task *task, const char *text, size_t bytes);
void proc_format_fail_nth(struct proc_text *text, struct task *task);
