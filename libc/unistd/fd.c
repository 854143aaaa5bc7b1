/* Making, copying and closing file descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Only a call that may create a file has the third argument. */
static int has_mode(int flags)
{
	return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (has_mode(flags)) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (has_mode(flags)) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return (int)syscall(SYS_open, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

int dup(int fd)
{
	return (int)syscall(SYS_dup, fd);
}

int dup2(int fd, int new_fd)
{
	return (int)syscall(SYS_dup2, fd, new_fd);
}

int dup3(int fd, int new_fd, int flags)
{
	return (int)syscall(SYS_dup3, fd, new_fd, flags);
}

int pipe(int fds[2])
{
	return (int)syscall(SYS_pipe, fds);
}

int pipe2(int fds[2], int flags)
{
	return (int)syscall(SYS_pipe2, fds, flags);
}

int fcntl(int fd, int cmd, ...)
{
	unsigned long arg;
	va_list args;

	va_start(args, cmd);
	arg = va_arg(args, unsigned long);
	va_end(args);
	return (int)syscall(SYS_fcntl, fd, cmd, arg);
}

int fallocate(int fd, int mode, off_t offset, off_t length)
{
	return (int)syscall(SYS_fallocate, fd, mode, offset, length);
}

/* The two posix_ calls return the error and leave errno alone. */
static int error_of(long result, int saved_errno)
{
	int error = result < 0 ? errno : 0;

	errno = saved_errno;
	return error;
}

int posix_fallocate(int fd, off_t offset, off_t length)
{
	int saved = errno;

	return error_of(fallocate(fd, 0, offset, length), saved);
}

int posix_fadvise(int fd, off_t offset, off_t length, int advice)
{
	int saved = errno;

	return error_of(syscall(SYS_fadvise64, fd, offset, length, advice),
			saved);
}
