/*
 * System calls that change what is known of a file: rights, owner, times, size;
 * and those that ask for the file system it is on.
 */
#include <uapi/errno.h>
#include <uapi/fcntl.h>
#include <uapi/statfs.h>
#include <uapi/time.h>

#include "fdtable.h"
#include "file.h"
#include "syscall.h"
#include "timer.h"
#include "uaccess.h"
#include "vfs.h"

long sys_fchmodat(int dirfd, vaddr_t user_path, uint32_t mode)
{
	char *path;
	int err = path_from_user(user_path, false, &path);

	if (err)
		return err;
	err = vfs_chmod(dirfd, path, mode);
	path_put(path);
	return err;
}

long sys_chmod(vaddr_t path, uint32_t mode)
{
	return sys_fchmodat(AT_FDCWD, path, mode);
}

long sys_fchmod(int fd, uint32_t mode)
{
	struct fd f = fd_get(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = file_chmod(f.file, mode);
	fd_put(f);
	return err;
}

long sys_fchownat(int dirfd, vaddr_t user_path, uint32_t uid, uint32_t gid,
		  int flags)
{
	char *path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = path_from_user(user_path, flags & AT_EMPTY_PATH, &path);
	if (err)
		return err;
	err = vfs_chown(dirfd, path, uid, gid, flags);
	path_put(path);
	return err;
}

long sys_chown(vaddr_t path, uint32_t uid, uint32_t gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, 0);
}

long sys_lchown(vaddr_t path, uint32_t uid, uint32_t gid)
{
	return sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

long sys_fchown(int fd, uint32_t uid, uint32_t gid)
{
	struct fd f = fd_get(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = file_chown(f.file, uid, gid);
	fd_put(f);
	return err;
}

/* What vfs_utimes() wants for @time: nanoseconds, -1 to leave it alone. */
static int to_file_time(const struct timespec *time, int64_t *ns)
{
	int err = 0;

	if (time->tv_nsec == UTIME_OMIT)
		*ns = -1;
	else if (time->tv_nsec == UTIME_NOW)
		*ns = (int64_t)ktime_real_ns();
	else if (time->tv_nsec < 0 || time->tv_nsec >= (long)NSEC_PER_SEC)
		err = -EINVAL;
	else
		*ns = time->tv_sec * (int64_t)NSEC_PER_SEC + time->tv_nsec;
	return err;
}

static int get_file_times(vaddr_t user, int64_t *atime_ns, int64_t *mtime_ns)
{
	struct timespec times[2] = { { 0, UTIME_NOW }, { 0, UTIME_NOW } };
	int err = user ? copy_from_user(times, user, sizeof(times)) : 0;

	if (!err)
		err = to_file_time(&times[0], atime_ns);
	if (!err)
		err = to_file_time(&times[1], mtime_ns);
	return err;
}

static int set_fd_times(int fd, int64_t atime_ns, int64_t mtime_ns)
{
	struct fd f = fd_get(fd);

	if (!f.file)
		return -EBADF;
	file_utimes(f.file, atime_ns, mtime_ns);
	fd_put(f);
	return 0;
}

/* Without a path it is the open file @dirfd that is meant: futimens(). */
long sys_utimensat(int dirfd, vaddr_t user_path, vaddr_t times, int flags)
{
	int64_t atime_ns, mtime_ns;
	char *path;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = get_file_times(times, &atime_ns, &mtime_ns);
	if (err)
		return err;
	if (!user_path)
		return set_fd_times(dirfd, atime_ns, mtime_ns);
	err = path_from_user(user_path, flags & AT_EMPTY_PATH, &path);
	if (err)
		return err;
	err = vfs_utimes(dirfd, path, atime_ns, mtime_ns, flags);
	path_put(path);
	return err;
}

/* ---- the older calls, which count in microseconds or seconds ---- */

static long set_times_at(int dirfd, vaddr_t user_path, int64_t atime_ns,
			 int64_t mtime_ns)
{
	char *path;
	int err;

	if (!user_path)
		return set_fd_times(dirfd, atime_ns, mtime_ns);
	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = vfs_utimes(dirfd, path, atime_ns, mtime_ns, 0);
	path_put(path);
	return err;
}

/* Two struct timeval; none: now. */
long sys_futimesat(int dirfd, vaddr_t path, vaddr_t user)
{
	int64_t now = (int64_t)ktime_real_ns();
	struct timeval times[2];
	int64_t ns[2] = { now, now };

	if (user && copy_from_user(times, user, sizeof(times)))
		return -EFAULT;
	for (int i = 0; user && i < 2; i++) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return -EINVAL;
		ns[i] = times[i].tv_sec * (int64_t)NSEC_PER_SEC +
			times[i].tv_usec * 1000;
	}
	return set_times_at(dirfd, path, ns[0], ns[1]);
}

long sys_utimes(vaddr_t path, vaddr_t times)
{
	return sys_futimesat(AT_FDCWD, path, times);
}

/* A struct utimbuf: two counts of seconds. */
long sys_utime(vaddr_t path, vaddr_t user)
{
	int64_t now = (int64_t)ktime_real_ns();
	int64_t seconds[2];

	if (!user)
		return set_times_at(AT_FDCWD, path, now, now);
	if (copy_from_user(seconds, user, sizeof(seconds)))
		return -EFAULT;
	return set_times_at(AT_FDCWD, path,
			    seconds[0] * (int64_t)NSEC_PER_SEC,
			    seconds[1] * (int64_t)NSEC_PER_SEC);
}

long sys_truncate(vaddr_t user_path, loff_t size)
{
	char *path;
	int err;

	if (size < 0)
		return -EINVAL;
	err = path_from_user(user_path, false, &path);
	if (err)
		return err;
	err = vfs_truncate(path, size);
	path_put(path);
	return err;
}

/* Files live in memory: there is nowhere to write them back to. */
long sys_fsync(int fd)
{
	struct fd f = fd_get(fd);

	long err = 0;

	if (!f.file)
		return -EBADF;
	if (S_ISFIFO(f.file->inode->mode))
		err = -EINVAL;
	fd_put(f);
	return err;
}

long sys_syncfs(int fd)
{
	struct fd f = fd_get(fd);

	if (!f.file)
		return -EBADF;
	fd_put(f);
	return 0;
}

long sys_sync(void)
{
	return 0;
}

long sys_statfs(vaddr_t user_path, vaddr_t user)
{
	struct statfs statfs;
	char *path;
	int err = path_from_user(user_path, false, &path);

	if (err)
		return err;
	err = vfs_statfs(path, &statfs);
	path_put(path);
	return err ? err : copy_to_user(user, &statfs, sizeof(statfs));
}

long sys_fstatfs(int fd, vaddr_t user)
{
	struct fd f = fd_get(fd);
	struct statfs statfs;

	if (!f.file)
		return -EBADF;
	file_statfs(f.file, &statfs);
	fd_put(f);
	return copy_to_user(user, &statfs, sizeof(statfs));
}
