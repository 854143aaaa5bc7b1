/*
 * Copying between the kernel and user memory: the range check, and what a fault
 * that cannot be resolved means to the caller. The copy loops themselves are the
 * processor's (arch_copy_user() and its like): only they may fault.
 */
#include "uaccess.h"

#include <uapi/errno.h>

#include "arch.h"

bool user_range_ok(vaddr_t addr, size_t bytes)
{
	return bytes <= USER_END && addr <= USER_END - bytes;
}

size_t copy_from_user_partial(void *to, vaddr_t from, size_t bytes)
{
	if (!user_range_ok(from, bytes))
		return bytes;
	return arch_copy_user(to, (const void *)from, bytes);
}

size_t copy_to_user_partial(vaddr_t to, const void *from, size_t bytes)
{
	if (!user_range_ok(to, bytes))
		return bytes;
	return arch_copy_user((void *)to, from, bytes);
}

int copy_from_user(void *to, vaddr_t from, size_t bytes)
{
	return copy_from_user_partial(to, from, bytes) ? -EFAULT : 0;
}

int copy_to_user(vaddr_t to, const void *from, size_t bytes)
{
	return copy_to_user_partial(to, from, bytes) ? -EFAULT : 0;
}

int clear_user(vaddr_t to, size_t bytes)
{
	if (!user_range_ok(to, bytes))
		return -EFAULT;
	return arch_clear_user((void *)to, bytes) ? -EFAULT : 0;
}

long copy_string_from_user(char *to, vaddr_t from, size_t size)
{
	size_t room;
	ssize_t copied;

	if (from >= USER_END)
		return -EFAULT;
	room = USER_END - from < size ? USER_END - from : size;
	copied = arch_copy_user_string(to, (const char *)from, room);
	if (copied < 0)
		return -EFAULT;
	if (copied > 0 && !to[copied - 1])
		return copied - 1;
	return room < size ? -EFAULT : -ENAMETOOLONG;
}
