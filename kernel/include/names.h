/*
 * Making and removing single names, below the system calls that do so.
 */
#pragma once

#include "dentry.h"
#include "file.h"
#include "types.h"

/* The umask of the running task; kernel threads have none. */
uint32_t umask_of_current(void);

/*
 * Make an inode of @mode (with its type) and enter it in @dir. *@dentry, with a
 * reference, may be NULL if the caller does not want it. -EEXIST, -EROFS (the
 * file system makes none), -ENOENT (@dir was removed), -ENOSPC, -ENOMEM.
 */
int name_create(struct dentry *dir, const char *name, size_t length,
		uint32_t mode, uint64_t rdev, struct dentry **dentry);
