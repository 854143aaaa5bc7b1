/* Names in the file system: links, directories, owners and modes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int access(const char *path, int mode)
{
	return (int)syscall(SYS_access, path, mode);
}

/* The older call has no flags; AT_EACCESS makes no difference to one user. */
int faccessat(int dir, const char *path, int mode, int flags)
{
	if (flags & ~AT_EACCESS)
		return (int)syscall(SYS_faccessat2, dir, path, mode, flags);
	return (int)syscall(SYS_faccessat, dir, path, mode);
}

int chdir(const char *path)
{
	return (int)syscall(SYS_chdir, path);
}

int fchdir(int fd)
{
	return (int)syscall(SYS_fchdir, fd);
}

int chroot(const char *path)
{
	return (int)syscall(SYS_chroot, path);
}

int link(const char *from, const char *to)
{
	return (int)syscall(SYS_link, from, to);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to,
	   int flags)
{
	return (int)syscall(SYS_linkat, from_dir, from, to_dir, to, flags);
}

int symlink(const char *target, const char *path)
{
	return (int)syscall(SYS_symlink, target, path);
}

int symlinkat(const char *target, int dir, const char *path)
{
	return (int)syscall(SYS_symlinkat, target, dir, path);
}

ssize_t readlink(const char *restrict path, char *restrict buf, size_t size)
{
	return syscall(SYS_readlink, path, buf, size);
}

ssize_t readlinkat(int dir, const char *restrict path, char *restrict buf,
		   size_t size)
{
	return syscall(SYS_readlinkat, dir, path, buf, size);
}

int unlink(const char *path)
{
	return (int)syscall(SYS_unlink, path);
}

int unlinkat(int dir, const char *path, int flags)
{
	return (int)syscall(SYS_unlinkat, dir, path, flags);
}

int rename(const char *from, const char *to)
{
	return (int)syscall(SYS_rename, from, to);
}

int mkdir(const char *path, mode_t mode)
{
	return (int)syscall(SYS_mkdir, path, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	return (int)syscall(SYS_mkdirat, dir, path, mode);
}

int rmdir(const char *path)
{
	return (int)syscall(SYS_rmdir, path);
}

int mknod(const char *path, mode_t mode, dev_t dev)
{
	return (int)syscall(SYS_mknod, path, mode, dev);
}

int mkfifo(const char *path, mode_t mode)
{
	return mknod(path, (mode & ~S_IFMT) | S_IFIFO, 0);
}

/* A directory first, since unlink() of one has a different error on each OS. */
int remove(const char *path)
{
	int saved = errno;

	if (rmdir(path) == 0)
		return 0;
	if (errno != ENOTDIR)
		return -1;
	errno = saved;
	return unlink(path);
}

int chown(const char *path, uid_t uid, gid_t gid)
{
	return (int)syscall(SYS_chown, path, uid, gid);
}

int lchown(const char *path, uid_t uid, gid_t gid)
{
	return (int)syscall(SYS_lchown, path, uid, gid);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)syscall(SYS_fchown, fd, uid, gid);
}

int fchownat(int dir, const char *path, uid_t uid, gid_t gid, int flags)
{
	return (int)syscall(SYS_fchownat, dir, path, uid, gid, flags);
}

int chmod(const char *path, mode_t mode)
{
	return (int)syscall(SYS_chmod, path, mode);
}

int fchmod(int fd, mode_t mode)
{
	return (int)syscall(SYS_fchmod, fd, mode);
}

/* Linux changes no symbolic link's mode, so the only flag cannot be had. */
int fchmodat(int dir, const char *path, mode_t mode, int flags)
{
	if (flags) {
		errno = flags == AT_SYMLINK_NOFOLLOW ? EOPNOTSUPP : EINVAL;
		return -1;
	}
	return (int)syscall(SYS_fchmodat, dir, path, mode);
}

mode_t umask(mode_t mask)
{
	return (mode_t)syscall(SYS_umask, mask);
}

int utimensat(int dir, const char *path, const struct timespec times[2],
	      int flags)
{
	return (int)syscall(SYS_utimensat, dir, path, times, flags);
}

int futimens(int fd, const struct timespec times[2])
{
	return utimensat(fd, NULL, times, 0);
}

int utimes(const char *path, const struct timeval times[2])
{
	return (int)syscall(SYS_utimes, path, times);
}

int statfs(const char *path, struct statfs *fs)
{
	return (int)syscall(SYS_statfs, path, fs);
}

int fstatfs(int fd, struct statfs *fs)
{
	return (int)syscall(SYS_fstatfs, fd, fs);
}
