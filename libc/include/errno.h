#pragma once

#include <uapi/errno.h>

extern __thread int errno;
#define errno errno	/* ISO C wants a macro */

extern char *program_invocation_name;
extern char *program_invocation_short_name;
