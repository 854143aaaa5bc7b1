/*
 * /proc/PID/smaps and smaps_rollup as text. Both take mm->lock.
 */
#pragma once

struct mm_struct;
struct proc_text;

void proc_put_smaps(struct proc_text *text, struct mm_struct *mm);
void proc_put_smaps_rollup(struct proc_text *text, struct mm_struct *mm);
