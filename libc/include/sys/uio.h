#pragma once

#include <sys/types.h>
#include <uapi/uio.h>

ssize_t readv(int fd, const struct iovec *iov, int nr_iov);
ssize_t writev(int fd, const struct iovec *iov, int nr_iov);
ssize_t process_vm_readv(pid_t pid, const struct iovec *local,
			 unsigned long nr_local, const struct iovec *remote,
			 unsigned long nr_remote, unsigned long flags);
ssize_t process_vm_writev(pid_t pid, const struct iovec *local,
			  unsigned long nr_local, const struct iovec *remote,
			  unsigned long nr_remote, unsigned long flags);
