/* What file code calls and tests of files on the host do not need. */
#define _ISOC11_SOURCE /* of the host only ISO C: POSIX types are the kernel's */
#include <uapi/errno.h>

#include "block_file.h"
#include "device.h"
#include "fdtable.h"
#include "task.h"
#include "timer.h"
#include "uaccess.h"
#include "unmap_file.h"
#include "vfs.h"

struct dentry *vfs_root;

uint64_t ktime_real_ns(void)
{
	static uint64_t now;

	return now += 1000;
}

void signal_send_thread(struct task *task, int sig)
{
	(void)task, (void)sig;
}

bool signal_fatal_pending(void)
{
	return false;
}

void unmap_file_pages(struct inode *inode, uint64_t first, uint64_t end,
		      bool copies)
{
	(void)inode, (void)first, (void)end, (void)copies;
}

const struct file_ops *char_device_find(uint64_t rdev)
{
	(void)rdev;
	return NULL;
}

const struct file_ops *block_file_find(uint64_t rdev)
{
	(void)rdev;
	return NULL;
}

struct fd fd_get_shared(struct files *files, int fd)
{
	(void)files, (void)fd;
	return (struct fd){ NULL, false };
}

long copy_string_from_user(char *to, vaddr_t from, size_t size)
{
	(void)to, (void)from, (void)size;
	return -EFAULT;
}
