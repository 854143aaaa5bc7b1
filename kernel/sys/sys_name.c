/*
 * System calls that make and remove names: directories, links, renames.
 */
#include <uapi/errno.h>
#include <uapi/fcntl.h>

#include "syscall.h"
#include "vfs.h"

/* Two paths of the user, or none: for calls that take a pair. */
static int two_paths(vaddr_t user_a, vaddr_t user_b, char **a, char **b)
{
	int err = path_from_user(user_a, false, a);

	if (err)
		return err;
	err = path_from_user(user_b, false, b);
	if (err)
		path_put(*a);
	return err;
}

long sys_mkdirat(int dirfd, vaddr_t user_path, uint32_t mode)
{
	char *path;
	int err = path_from_user(user_path, false, &path);

	if (err)
		return err;
	err = vfs_mkdir(dirfd, path, mode);
	path_put(path);
	return err;
}

long sys_mkdir(vaddr_t path, uint32_t mode)
{
	return sys_mkdirat(AT_FDCWD, path, mode);
}

long sys_unlinkat(int dirfd, vaddr_t user_path, int flags)
{
	char *path;
	int err;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = flags & AT_REMOVEDIR ? vfs_rmdir(dirfd, path)
				   : vfs_unlink(dirfd, path);
	path_put(path);
	return err;
}

long sys_unlink(vaddr_t path)
{
	return sys_unlinkat(AT_FDCWD, path, 0);
}

long sys_rmdir(vaddr_t path)
{
	return sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

long sys_renameat2(int old_dirfd, vaddr_t user_old, int new_dirfd,
		   vaddr_t user_new, unsigned int flags)
{
	char *old_path, *new_path;
	int err;

	if (flags & ~RENAME_NOREPLACE)
		return -EINVAL;
	err = two_paths(user_old, user_new, &old_path, &new_path);
	if (err)
		return err;
	err = vfs_rename(old_dirfd, old_path, new_dirfd, new_path, flags);
	path_put(new_path);
	path_put(old_path);
	return err;
}

long sys_renameat(int old_dirfd, vaddr_t old_path, int new_dirfd,
		  vaddr_t new_path)
{
	return sys_renameat2(old_dirfd, old_path, new_dirfd, new_path, 0);
}

long sys_rename(vaddr_t old_path, vaddr_t new_path)
{
	return sys_renameat2(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

long sys_linkat(int old_dirfd, vaddr_t user_old, int new_dirfd,
		vaddr_t user_new, int flags)
{
	char *old_path, *new_path;
	int err;

	if (flags & ~AT_SYMLINK_FOLLOW)
		return -EINVAL;
	err = two_paths(user_old, user_new, &old_path, &new_path);
	if (err)
		return err;
	err = vfs_link(old_dirfd, old_path, new_dirfd, new_path, flags);
	path_put(new_path);
	path_put(old_path);
	return err;
}

long sys_link(vaddr_t old_path, vaddr_t new_path)
{
	return sys_linkat(AT_FDCWD, old_path, AT_FDCWD, new_path, 0);
}

long sys_symlinkat(vaddr_t user_target, int dirfd, vaddr_t user_path)
{
	char *target, *path;
	int err = two_paths(user_target, user_path, &target, &path);

	if (err)
		return err;
	err = vfs_symlink(target, dirfd, path);
	path_put(path);
	path_put(target);
	return err;
}

long sys_symlink(vaddr_t target, vaddr_t path)
{
	return sys_symlinkat(target, AT_FDCWD, path);
}

long sys_mknodat(int dirfd, vaddr_t user_path, uint32_t mode, uint64_t rdev)
{
	char *path;
	int err = path_from_user(user_path, false, &path);

	if (err)
		return err;
	err = vfs_mknod(dirfd, path, mode, rdev);
	path_put(path);
	return err;
}

long sys_mknod(vaddr_t path, uint32_t mode, uint64_t rdev)
{
	return sys_mknodat(AT_FDCWD, path, mode, rdev);
}
