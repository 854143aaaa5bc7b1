/*
 * Setting seals. Who writes, maps or resizes asks is_sealed() itself.
 */
#include "seals.h"

#include <uapi/errno.h>

#include "file.h"
#include "unmap_file.h"

#define KNOWN_SEALS                                                  \
	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE |  \
	 F_SEAL_FUTURE_WRITE)

/* Files in memory are those that can have holes. */
static bool can_be_sealed(const struct file *file)
{
	return S_ISREG(file->inode->mode) && file->inode->ops->punch_hole;
}

/* Writers hold io_lock, so none of them is half way when the seal is set. */
int file_add_seals(struct file *file, uint32_t seals)
{
	struct inode *inode = file->inode;
	int err = 0;

	if (!file_writable(file))
		return -EPERM;
	if (seals & ~(uint32_t)KNOWN_SEALS || !can_be_sealed(file))
		return -EINVAL;
	mutex_lock(&inode->io_lock);
	if (is_sealed(inode, F_SEAL_SEAL))
		err = -EPERM;
	else if (seals & F_SEAL_WRITE && !is_sealed(inode, F_SEAL_WRITE) &&
		 file_is_mapped_writable(inode))
		err = -EBUSY;
	else
		__atomic_fetch_or(&inode->seals, seals, __ATOMIC_RELAXED);
	mutex_unlock(&inode->io_lock);
	return err;
}

int file_get_seals(const struct file *file)
{
	return can_be_sealed(file) ? (int)file->inode->seals : -EINVAL;
}
