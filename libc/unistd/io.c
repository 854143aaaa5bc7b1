/* Reading and writing through file descriptors. */
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

ssize_t read(int fd, void *buf, size_t n)
{
	return syscall(SYS_read, fd, buf, n);
}

ssize_t write(int fd, const void *buf, size_t n)
{
	return syscall(SYS_write, fd, buf, n);
}

ssize_t pread(int fd, void *buf, size_t n, off_t offset)
{
	return syscall(SYS_pread64, fd, buf, n, offset);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t offset)
{
	return syscall(SYS_pwrite64, fd, buf, n, offset);
}

ssize_t readv(int fd, const struct iovec *iov, int nr_iov)
{
	return syscall(SYS_readv, fd, iov, nr_iov);
}

ssize_t writev(int fd, const struct iovec *iov, int nr_iov)
{
	return syscall(SYS_writev, fd, iov, nr_iov);
}

off_t lseek(int fd, off_t offset, int whence)
{
	return syscall(SYS_lseek, fd, offset, whence);
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	return (int)syscall(SYS_ioctl, fd, request, arg);
}

int fsync(int fd)
{
	return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return (int)syscall(SYS_fdatasync, fd);
}

void sync(void)
{
	syscall(SYS_sync);
}

int ftruncate(int fd, off_t length)
{
	return (int)syscall(SYS_ftruncate, fd, length);
}

int truncate(const char *path, off_t length)
{
	return (int)syscall(SYS_truncate, path, length);
}

int flock(int fd, int operation)
{
	return (int)syscall(SYS_flock, fd, operation);
}
