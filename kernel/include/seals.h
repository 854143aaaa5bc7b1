/*
 * Seals: what a file in memory promises never to let happen again, so that who
 * gets it from somebody else can rely on it. fcntl(2), F_ADD_SEALS.
 */
#pragma once

#include <uapi/fcntl.h>

#include "inode.h"

struct file;

/* Whether one of @seals, F_SEAL_*, is set. */
static inline bool is_sealed(const struct inode *inode, uint32_t seals)
{
	return __atomic_load_n(&inode->seals, __ATOMIC_RELAXED) & seals;
}

#define SEALS_WRITE (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

/*
 * -EINVAL: not a file in memory, or unknown seals. -EPERM: not open for writing,
 * or sealed against that. -EBUSY: F_SEAL_WRITE while it is mapped writable.
 */
int file_add_seals(struct file *file, uint32_t seals);

/* The seals, or -EINVAL. */
int file_get_seals(const struct file *file);
