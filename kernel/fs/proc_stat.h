/*
 * /proc/PID/stat, statm and status, as proc_entry's format.
 */
#pragma once

struct proc_text;
struct task;

void proc_format_stat(struct proc_text *text, struct task *task);
void proc_format_statm(struct proc_text *text, struct task *task);
void proc_format_status(struct proc_text *text, struct task *task);
