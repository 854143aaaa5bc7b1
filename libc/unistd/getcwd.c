/* getcwd(), with glibc's extension: a NULL buffer means "allocate one". */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *getcwd_alloc(size_t size)
{
	char path[PATH_MAX];
	long len = syscall(SYS_getcwd, path, sizeof(path));
	char *copy;

	if (len < 0)
		return NULL;
	if (size && size < (size_t)len) {
		errno = ERANGE;
		return NULL;
	}
	copy = malloc(size ? size : (size_t)len);
	return copy ? memcpy(copy, path, (size_t)len) : NULL;
}

char *getcwd(char *buf, size_t size)
{
	if (!buf)
		return getcwd_alloc(size);
	if (size == 0) {
		errno = EINVAL;
		return NULL;
	}
	return syscall(SYS_getcwd, buf, size) < 0 ? NULL : buf;
}
