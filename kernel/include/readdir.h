/*
 * What directories have in common: their positions, "." and "..".
 */
#pragma once

#include "file.h"
#include "types.h"

/* The position behind "." and "..": a file system's own entries start here. */
#define DIR_POS_FIRST 2

/* Emit "." and ".." if they are still to come; false: the buffer is full. */
bool dir_emit_dots(struct file *file, struct dir_buf *dir);

/* readdir for directories whose entries are all in the dentry tree. */
int dentry_readdir(struct file *file, struct dir_buf *dir);

/* lseek for directories; -EINVAL for SEEK_END. */
loff_t dir_lseek(struct file *file, loff_t offset, int whence);
