/*
 * tmpfs: files in memory. The root is one, and so is what has no name:
 * shared anonymous memory and memfd.
 */
#pragma once

#include "types.h"

struct dentry;
struct file;
struct file_ops;

extern const struct file_ops tmpfs_file_ops; /* of regular files */

/* The root of a new, empty tmpfs, or NULL. */
struct dentry *tmpfs_create(void);

/*
 * An open file without a name in any directory, @size bytes of zeros, for
 * MAP_SHARED | MAP_ANONYMOUS, memfd_create and shmget. /proc/PID/maps shows it
 * as "/@name (deleted)". With @reserve all of it counts as promised at once (see
 * overcommit.h), else each page when it is there. 0, or -ENOMEM, -EFBIG.
 */
int tmpfs_open_unnamed(const char *name, loff_t size, bool reserve,
		       struct file **file);
