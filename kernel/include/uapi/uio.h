#pragma once

/* readv(2), writev(2), process_vm_readv(2). */
struct iovec {
	void *iov_base;
	unsigned long iov_len;
};

#define UIO_MAXIOV	1024	/* more of them are EINVAL */
