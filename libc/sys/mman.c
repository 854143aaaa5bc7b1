/* Mappings: the calls that make pages come and go. */
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *mmap(void *addr, size_t length, int prot, int flags, int fd,
	   off_t offset)
{
	return (void *)syscall(SYS_mmap, addr, length, prot, flags, fd, offset);
}

int munmap(void *addr, size_t length)
{
	return (int)syscall(SYS_munmap, addr, length);
}

int mprotect(void *addr, size_t length, int prot)
{
	return (int)syscall(SYS_mprotect, addr, length, prot);
}

/* The new address is an argument only of calls that say where to go. */
void *mremap(void *addr, size_t length, size_t new_length, int flags, ...)
{
	void *new_addr = NULL;
	va_list args;

	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) {
		va_start(args, flags);
		new_addr = va_arg(args, void *);
		va_end(args);
	}
	return (void *)syscall(SYS_mremap, addr, length, new_length, flags,
			       new_addr);
}

int madvise(void *addr, size_t length, int advice)
{
	return (int)syscall(SYS_madvise, addr, length, advice);
}

/*
 * Advice that may change what a program reads has no place in POSIX, where
 * DONTNEED is only a hint: so it is not passed on. Returns the error.
 */
int posix_madvise(void *addr, size_t length, int advice)
{
	int saved = errno;
	int error = 0;

	if (advice == POSIX_MADV_DONTNEED)
		return 0;
	if (madvise(addr, length, advice) != 0)
		error = errno;
	errno = saved;
	return error;
}

int mincore(void *addr, size_t length, unsigned char *vec)
{
	return (int)syscall(SYS_mincore, addr, length, vec);
}

int msync(void *addr, size_t length, int flags)
{
	return (int)syscall(SYS_msync, addr, length, flags);
}

int mlock(const void *addr, size_t length)
{
	return (int)syscall(SYS_mlock, addr, length);
}

int mlock2(const void *addr, size_t length, unsigned int flags)
{
	return (int)syscall(SYS_mlock2, addr, length, flags);
}

int munlock(const void *addr, size_t length)
{
	return (int)syscall(SYS_munlock, addr, length);
}

int mlockall(int flags)
{
	return (int)syscall(SYS_mlockall, flags);
}

int munlockall(void)
{
	return (int)syscall(SYS_munlockall);
}

int memfd_create(const char *name, unsigned int flags)
{
	return (int)syscall(SYS_memfd_create, name, flags);
}
