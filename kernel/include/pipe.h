/*
 * Pipes.
 */
#pragma once

#include "types.h"

struct file;

#define PIPE_BYTES 65536     /* what a pipe holds before a writer sleeps */
#define PIPE_ATOMIC_BYTES 4096 /* PIPE_BUF: such writes are never torn */

/*
 * A new pipe: ends[0] reads, ends[1] writes, one reference each. @flags:
 * O_NONBLOCK, O_CLOEXEC (the descriptors': ignored). 0, -EINVAL, -ENOMEM.
 */
int pipe_create(struct file *ends[2], unsigned int flags);
