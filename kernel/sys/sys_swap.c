/*
 * System calls about swap areas.
 */
#include <uapi/errno.h>

#include "cred.h"
#include "swap.h"
#include "syscall.h"
#include "vfs.h"

/* swapon(2): see swap_on(). */
long sys_swapon(vaddr_t user_path, int flags)
{
	char *path;
	int err;

	if (flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = swap_on(path, flags);
	path_put(path);
	return err;
}

/* swapoff(2): see swap_off(). */
long sys_swapoff(vaddr_t user_path)
{
	char *path;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = swap_off(path);
	path_put(path);
	return err;
}
