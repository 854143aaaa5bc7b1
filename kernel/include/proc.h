/*
 * What /proc says, for programs and for the kernel shell alike.
 *
 * Text is produced line by line through an emit function, so that the shell
 * prints it and a file collects it.
 */
#pragma once

#include "types.h"

struct dentry;
struct mm_struct;
struct task;

/* Takes the next piece of text. Non-zero stops the producer, which returns it. */
typedef int (*proc_emit_fn)(void *arg, const char *text, size_t bytes);

/* The root of the proc file system, or NULL: no memory. */
struct dentry *procfs_create(void);

/*
 * /proc/PID/maps of @mm, see FORMATS: one call of @emit per VMA, a whole line.
 * Takes mm->lock, so @emit may print or append, but not touch user memory.
 */
int proc_format_maps(struct mm_struct *mm, proc_emit_fn emit, void *arg);

/* The one-letter state of ps and /proc/PID/stat: R, S, T, Z. */
char proc_task_state(const struct task *task);
