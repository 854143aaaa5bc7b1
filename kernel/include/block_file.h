/*
 * Disks as files: /dev/sr0, /dev/vda.
 */
#pragma once

#include "types.h"

struct file_ops;

/* Make a file below /dev for each registered device. After vfs_init(). */
void block_file_init(void);

/* The operations of block device @rdev, or NULL: there is none. */
const struct file_ops *block_file_find(uint64_t rdev);
