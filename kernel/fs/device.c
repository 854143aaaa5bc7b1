/*
 * The devices that are no hardware: null, zero, full, random; and the table of
 * all character devices, by Linux's numbers.
 */
#include "device.h"

#include <uapi/errno.h>

#include "file.h"
#include "inode.h"
#include "random.h"
#include "tty.h"

static ssize_t null_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	(void)file, (void)to, (void)pos;
	return 0;
}

/* The bytes are not even looked at: null accepts any address, as in Linux. */
static ssize_t null_write(struct file *file, struct io_buf *from, loff_t *pos)
{
	(void)file, (void)pos;
	return (ssize_t)from->bytes;
}

static ssize_t zero_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	size_t wanted = to->bytes;
	size_t copied = io_put_zeros(to, wanted);

	(void)file, (void)pos;
	return copied || !wanted ? (ssize_t)copied : -EFAULT;
}

static ssize_t full_write(struct file *file, struct io_buf *from, loff_t *pos)
{
	(void)file, (void)from, (void)pos;
	return -ENOSPC;
}

static ssize_t random_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	size_t wanted = to->bytes;
	uint8_t block[256];

	(void)file, (void)pos;
	while (to->bytes) {
		size_t n = to->bytes < sizeof(block) ? to->bytes
						     : sizeof(block);

		random_bytes(block, n);
		if (io_put(to, block, n) < n)
			break;
	}
	return to->bytes < wanted || !wanted ? (ssize_t)(wanted - to->bytes)
					     : -EFAULT;
}

/* These devices have no position, yet lseek succeeds and says 0. */
static loff_t null_lseek(struct file *file, loff_t offset, int whence)
{
	(void)file, (void)offset, (void)whence;
	return 0;
}

static const struct file_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.lseek = null_lseek,
};

static const struct file_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.lseek = null_lseek,
	.maps_zeros = true,
};

static const struct file_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.lseek = null_lseek,
};

static const struct file_ops random_ops = {
	.read = random_read,
	.write = null_write,
	.lseek = null_lseek,
};

static const struct char_device devices[] = {
	{ "null", 1, 3, &null_ops },      { "zero", 1, 5, &zero_ops },
	{ "full", 1, 7, &full_ops },      { "random", 1, 8, &random_ops },
	{ "urandom", 1, 9, &random_ops }, { "tty", 5, 0, &tty_file_ops },
	{ "console", 5, 1, &tty_file_ops },
};

const struct char_device *char_device_at(size_t i)
{
	return i < ARRAY_SIZE(devices) ? &devices[i] : NULL;
}

const struct file_ops *char_device_find(uint64_t rdev)
{
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		if (makedev(devices[i].major, devices[i].minor) == rdev)
			return devices[i].ops;
	return NULL;
}
