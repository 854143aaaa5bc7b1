/*
 * System calls that look at what a path names, and the working directory.
 */
#include <uapi/errno.h>
#include <uapi/fcntl.h>
#include <uapi/limits.h>
#include <uapi/stat.h>

#include "fdtable.h"
#include "file.h"
#include "io_buf.h"
#include "kmalloc.h"
#include "syscall.h"
#include "task.h"
#include "uaccess.h"
#include "vfs.h"

#define STATAT_FLAGS (AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT)
#define UMASK_BITS 0777

long sys_newfstatat(int dirfd, vaddr_t user_path, vaddr_t user_stat, int flags)
{
	struct stat stat;
	char *path;
	int err;

	if (flags & ~STATAT_FLAGS)
		return -EINVAL;
	err = path_from_user(user_path, flags & AT_EMPTY_PATH, &path);
	if (err)
		return err;
	err = vfs_stat(dirfd, path, flags, &stat);
	path_put(path);
	return err ? err : copy_to_user(user_stat, &stat, sizeof(stat));
}

long sys_stat(vaddr_t path, vaddr_t stat)
{
	return sys_newfstatat(AT_FDCWD, path, stat, 0);
}

long sys_lstat(vaddr_t path, vaddr_t stat)
{
	return sys_newfstatat(AT_FDCWD, path, stat, AT_SYMLINK_NOFOLLOW);
}

long sys_faccessat(int dirfd, vaddr_t user_path, int access)
{
	char *path;
	int err;

	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = vfs_access(dirfd, path, access, 0);
	path_put(path);
	return err;
}

long sys_access(vaddr_t path, int access)
{
	return sys_faccessat(AT_FDCWD, path, access);
}

long sys_readlinkat(int dirfd, vaddr_t user_path, vaddr_t to, int bytes)
{
	struct io_buf buf = io_buf_user(to, (size_t)bytes);
	char *path;
	long length;

	if (bytes <= 0)
		return -EINVAL;
	length = path_from_user(user_path, true, &path);
	if (length)
		return length;
	length = vfs_readlink(dirfd, path, &buf);
	path_put(path);
	return length;
}

long sys_readlink(vaddr_t path, vaddr_t to, int bytes)
{
	return sys_readlinkat(AT_FDCWD, path, to, bytes);
}

long sys_getcwd(vaddr_t to, size_t bytes)
{
	char *path = kmalloc(PATH_MAX);
	long length;

	if (!path)
		return -ENOMEM;
	length = vfs_getcwd(path, bytes < PATH_MAX ? bytes : PATH_MAX);
	if (length > 0 && copy_to_user(to, path, (size_t)length))
		length = -EFAULT;
	kfree(path);
	return length;
}

long sys_chdir(vaddr_t user_path)
{
	char *path;
	int err;

	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = vfs_chdir(path);
	path_put(path);
	return err;
}

long sys_fchdir(int fd)
{
	struct fd f = fd_get(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = file_chdir(f.file);
	fd_put(f);
	return err;
}

/* The old mask; it cannot fail. */
long sys_umask(uint32_t mask)
{
	return __atomic_exchange_n(&current->fs->umask, mask & UMASK_BITS,
				   __ATOMIC_RELAXED);
}
