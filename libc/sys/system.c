/* The system as a whole: its name, its memory, its randomness, its end. */
#include <errno.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <unistd.h>

#define ENTROPY_MAX	256	/* getentropy() gives all or nothing up to here */

int uname(struct utsname *name)
{
	return (int)syscall(SYS_uname, name);
}

int sysinfo(struct sysinfo *info)
{
	return (int)syscall(SYS_sysinfo, info);
}

ssize_t getrandom(void *buf, size_t size, unsigned int flags)
{
	return syscall(SYS_getrandom, buf, size, flags);
}

int getentropy(void *buf, size_t size)
{
	char *pos = buf;
	ssize_t got;

	if (size > ENTROPY_MAX) {
		errno = EIO;
		return -1;
	}
	for (; size > 0; pos += got, size -= (size_t)got) {
		got = getrandom(pos, size, 0);
		if (got < 0 && errno != EINTR)
			return -1;
		if (got < 0)
			got = 0;
	}
	return 0;
}

int reboot(int cmd)
{
	return (int)syscall(SYS_reboot, LINUX_REBOOT_MAGIC1,
			    LINUX_REBOOT_MAGIC2, cmd, NULL);
}

int swapon(const char *path, int flags)
{
	return (int)syscall(SYS_swapon, path, flags);
}

int swapoff(const char *path)
{
	return (int)syscall(SYS_swapoff, path);
}

ssize_t process_vm_readv(pid_t pid, const struct iovec *local,
			 unsigned long nr_local, const struct iovec *remote,
			 unsigned long nr_remote, unsigned long flags)
{
	return syscall(SYS_process_vm_readv, pid, local, nr_local, remote,
		       nr_remote, flags);
}

ssize_t process_vm_writev(pid_t pid, const struct iovec *local,
			  unsigned long nr_local, const struct iovec *remote,
			  unsigned long nr_remote, unsigned long flags)
{
	return syscall(SYS_process_vm_writev, pid, local, nr_local, remote,
		       nr_remote, flags);
}
