/*
 * System calls that make, copy and drop file descriptors.
 */
#include <uapi/errno.h>
#include <uapi/fcntl.h>

#include "fdtable.h"
#include "file.h"
#include "pipe.h"
#include "seals.h"
#include "syscall.h"
#include "uaccess.h"
#include "vfs.h"

/* What F_SETFL may change; everything else was decided by open(). */
#define SETFL_FLAGS (O_APPEND | O_NONBLOCK | O_ASYNC | O_DIRECT | O_NOATIME)

/* A descriptor for @file, whose reference goes over to the table or is dropped. */
static int install(struct file *file, bool cloexec)
{
	int fd = fd_install(file, cloexec);

	if (fd < 0)
		file_put(file);
	return fd;
}

long sys_openat(int dirfd, vaddr_t user_path, unsigned int flags, uint32_t mode)
{
	struct file *file;
	char *path;
	int err;

	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = vfs_open(dirfd, path, flags, mode, &file);
	path_put(path);
	return err ? err : install(file, flags & O_CLOEXEC);
}

long sys_open(vaddr_t path, unsigned int flags, uint32_t mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

long sys_creat(vaddr_t path, uint32_t mode)
{
	return sys_openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

long sys_close(int fd)
{
	return fd_close(fd);
}

/* fcntl(F_DUPFD) and dup: the lowest free descriptor >= @from. */
static int duplicate(int fd, int from, bool cloexec)
{
	struct fd f = fd_get(fd);
	int copy;

	if (!f.file)
		return -EBADF;
	file_get(f.file);
	copy = fd_install_from(f.file, from, cloexec);
	if (copy < 0)
		file_put(f.file);
	fd_put(f);
	return copy;
}

long sys_dup(int fd)
{
	return duplicate(fd, 0, false);
}

long sys_dup2(int from, int to)
{
	struct fd f;

	if (from != to)
		return fd_replace(from, to, false);
	f = fd_get(from);
	if (!f.file)
		return -EBADF;
	fd_put(f);
	return to;
}

long sys_dup3(int from, int to, unsigned int flags)
{
	if (from == to || flags & ~(unsigned int)O_CLOEXEC)
		return -EINVAL;
	return fd_replace(from, to, flags & O_CLOEXEC);
}

/* Descriptors for both ends, which are given up on failure. */
static int install_pipe(struct file *ends[2], bool cloexec, int fds[2])
{
	fds[0] = install(ends[0], cloexec);
	if (fds[0] < 0) {
		file_put(ends[1]);
		return fds[0];
	}
	fds[1] = install(ends[1], cloexec);
	if (fds[1] < 0) {
		fd_close(fds[0]);
		return fds[1];
	}
	return 0;
}

long sys_pipe2(vaddr_t user_fds, unsigned int flags)
{
	struct file *ends[2];
	int fds[2];
	int err;

	err = pipe_create(ends, flags);
	if (err)
		return err;
	err = install_pipe(ends, flags & O_CLOEXEC, fds);
	if (err)
		return err;
	err = copy_to_user(user_fds, fds, sizeof(fds));
	if (err) {
		fd_close(fds[0]);
		fd_close(fds[1]);
	}
	return err;
}

long sys_pipe(vaddr_t fds)
{
	return sys_pipe2(fds, 0);
}

#define CLOSE_RANGE_UNSHARE 2u
#define CLOSE_RANGE_CLOEXEC 4u

/* close_range(2): every descriptor of [first, last], or its close-on-exec mark. */
long sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	int err = 0;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) ||
	    first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE)
		err = fds_make_own();
	if (err)
		return err;
	if (last >= current->files->capacity)
		last = current->files->capacity - 1;
	for (unsigned int fd = first; fd <= last; fd++) {
		if (flags & CLOSE_RANGE_CLOEXEC)
			fd_set_cloexec((int)fd, true);
		else
			fd_close((int)fd);
	}
	return 0;
}

static long set_file_flags(struct file *file, unsigned int flags)
{
	file->flags = (file->flags & ~(unsigned int)SETFL_FLAGS) |
		      (flags & SETFL_FLAGS);
	return 0;
}

static long set_fd_flags(int fd, uint64_t flags)
{
	return fd_set_cloexec(fd, flags & FD_CLOEXEC);
}

long sys_fcntl(int fd, int cmd, uint64_t arg)
{
	struct fd f = fd_get(fd);
	long ret;

	if (!f.file)
		return -EBADF;
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		ret = arg > INT32_MAX ? -EINVAL
				      : duplicate(fd, (int)arg,
						  cmd == F_DUPFD_CLOEXEC);
		break;
	case F_GETFD:
		ret = fd_get_cloexec(fd);
		break;
	case F_SETFD:
		ret = set_fd_flags(fd, arg);
		break;
	case F_GETFL:
		ret = f.file->flags;
		break;
	case F_ADD_SEALS:
		ret = file_add_seals(f.file, (uint32_t)arg);
		break;
	case F_GET_SEALS:
		ret = file_get_seals(f.file);
		break;
	case F_GETOWN: /* nobody is sent SIGIO */
		ret = 0;
		break;
	case F_SETFL:
		ret = set_file_flags(f.file, (unsigned int)arg);
		break;
	default:
		ret = -EINVAL;
	}
	fd_put(f);
	return ret;
}
