/*
 * memfd_create: a file in memory that no directory knows.
 */
#include <uapi/errno.h>
#include <uapi/mman.h>

#include "fdtable.h"
#include "file.h"
#include "kmalloc.h"
#include "string.h"
#include "syscall.h"
#include "tmpfs.h"
#include "uaccess.h"

#define PREFIX "memfd:" /* as /proc/PID/maps and fd show it */
#define PREFIX_BYTES (sizeof(PREFIX) - 1)
#define NAME_BYTES 256 /* with the prefix and the NUL */

static int create(const char *name, unsigned int flags)
{
	struct file *file;
	int fd, err = tmpfs_open_unnamed(name, 0, false, &file);

	if (err)
		return err;
	if (flags & MFD_ALLOW_SEALING)
		file->inode->seals = 0;
	fd = fd_install(file, flags & MFD_CLOEXEC);
	if (fd < 0)
		file_put(file);
	return fd;
}

/*
 * memfd_create(2). -EINVAL: unknown flags, or a name of more than 249 characters.
 * Large pages cannot be had.
 */
long sys_memfd_create(vaddr_t user_name, unsigned int flags)
{
	long n;
	char *name;

	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	name = kmalloc(NAME_BYTES);
	if (!name)
		return -ENOMEM;
	memcpy(name, PREFIX, PREFIX_BYTES);
	n = copy_string_from_user(name + PREFIX_BYTES, user_name,
				  NAME_BYTES - PREFIX_BYTES);
	if (n >= 0)
		n = create(name, flags);
	kfree(name);
	return n == -ENAMETOOLONG ? -EINVAL : n;
}
