/*
 * /proc/PID/oom_score, oom_score_adj and oom_adj, as proc_entry's functions.
 */
#pragma once

#include "types.h"

struct proc_text;
struct task;

void proc_format_oom_score(struct proc_text *text, struct task *task);
void proc_format_oom_score_adj(struct proc_text *text, struct task *task);
void proc_format_oom_adj(struct proc_text *text, struct task *task);

int proc_write_oom_score_adj(struct task *task, const char *text, size_t bytes);
int proc_write_oom_adj(struct task *task, const char *text, size_t bytes);
