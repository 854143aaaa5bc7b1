/*
 * The files of /proc about the machine's memory, as proc_entry's format; that
 * about swap areas is in proc_swaps.c.
 */
#pragma once

struct proc_text;
struct task;

void proc_format_meminfo(struct proc_text *text, struct task *task);
void proc_format_vmstat(struct proc_text *text, struct task *task);
void proc_format_swaps(struct proc_text *text, struct task *task);
void proc_format_buddyinfo(struct proc_text *text, struct task *task);
