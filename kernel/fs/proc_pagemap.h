/*
 * /proc/PID/pagemap and clear_refs, as proc_entry's read and write.
 */
#pragma once

#include "types.h"

struct io_buf;
struct mm_struct;
struct task;

/* -EINVAL: not whole words. */
ssize_t proc_read_pagemap(struct mm_struct *mm, struct io_buf *to, loff_t *pos);

int proc_write_clear_refs(struct task *task, const char *text, size_t bytes);
