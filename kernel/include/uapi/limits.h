#pragma once

/* Limits that the kernel enforces. */

#define NAME_MAX	255	/* bytes of one path component, without NUL */
#define PATH_MAX	4096	/* bytes of a path, with NUL */
#define PIPE_BUF	4096	/* a write of so much to a pipe is not torn */
#define NGROUPS_MAX	65536
#define ARG_MAX		131072
#define IOV_MAX		1024
