/*
 * What /proc says, for programs and for the kernel shell alike.
 */
#pragma once

#include "types.h"

struct dentry;
struct mm_struct;

/*
 * Takes the next piece of a text. The shell prints it, a file collects it.
 * Non-zero stops the producer, which returns it.
 */
typedef int (*proc_emit_fn)(void *arg, const char *text, size_t bytes);

/* The root of the proc file system, or NULL: no memory. */
struct dentry *procfs_create(void);

/* The same for /sys. */
struct dentry *sysfs_create(void);

/*
 * /proc/PID/maps of @mm: one call of @emit per VMA, a whole line. Takes
 * mm->lock, so @emit may print or append, but not touch user memory.
 * 0, -ENOMEM, or what @emit returned.
 */
int proc_format_maps(struct mm_struct *mm, proc_emit_fn emit, void *arg);
