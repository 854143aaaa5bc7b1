/* errno, and the one place where a system call's error becomes one. */
#include <errno.h>

#include "errno_set.h"

#undef errno
__thread int errno;

long __syscall_error(long negative_errno)
{
	errno = (int)-negative_errno;
	return -1;
}
