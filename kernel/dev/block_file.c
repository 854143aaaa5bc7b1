/*
 * Disks as files, past every cache: each read and write goes to the disk, a page
 * at a time. A write of less than a page reads the page first.
 */
#include "block_file.h"

#include <uapi/errno.h>
#include <uapi/unistd.h>

#include "arch.h"
#include "block.h"
#include "file.h"
#include "frame.h"
#include "printk.h"
#include "vfs.h"

static struct block_device *device_of(const struct file *file)
{
	return file->private;
}

static loff_t size_of(const struct block_device *device)
{
	return (loff_t)(device->nr_sectors * device->sector_bytes);
}

static int block_file_open(struct file *file)
{
	struct block_device *device = block_find_rdev(file->inode->rdev);

	if (!device)
		return -ENXIO;
	if (device->read_only && file_writable(file))
		return -EROFS;
	file->private = device;
	return block_start(device);
}

static loff_t block_file_lseek(struct file *file, loff_t offset, int whence)
{
	if (whence == SEEK_END) {
		if (__builtin_add_overflow(size_of(device_of(file)), offset,
					   &offset))
			return -EOVERFLOW;
		whence = SEEK_SET;
	}
	return generic_lseek(file, offset, whence);
}

/* ---- a page at a time ---- */

/* A part of a transfer that lies in one page of the disk. */
struct part {
	struct block_device *device;
	struct frame *frame;
	uint64_t sector; /* where the page starts */
	size_t offset, bytes; /* the part, in the page */
};

static struct part part_at(struct file *file, struct frame *frame, loff_t pos,
			   size_t bytes)
{
	struct block_device *device = device_of(file);
	size_t offset = (uint64_t)pos & (PAGE_SIZE - 1);
	size_t room = PAGE_SIZE - offset;

	if (bytes > (uint64_t)(size_of(device) - pos))
		bytes = (size_t)(size_of(device) - pos);
	return (struct part){
		.device = device,
		.frame = frame,
		.sector = page_align_down((uint64_t)pos) / device->sector_bytes,
		.offset = offset,
		.bytes = bytes < room ? bytes : room,
	};
}

static char *bytes_of(const struct part *part)
{
	return (char *)frame_to_virt(part->frame) + part->offset;
}

/* Bytes moved, or an error. */
static ssize_t read_part(const struct part *part, struct io_buf *to)
{
	int err = block_read(part->device, part->sector, &part->frame, 1);
	size_t copied;

	if (err)
		return err;
	copied = io_put(to, bytes_of(part), part->bytes);
	return copied ? (ssize_t)copied : -EFAULT;
}

static ssize_t write_part(const struct part *part, struct io_buf *from)
{
	size_t copied;
	int err = 0;

	if (part->bytes < PAGE_SIZE)
		err = block_read(part->device, part->sector, &part->frame, 1);
	if (err)
		return err;
	copied = io_get(bytes_of(part), from, part->bytes);
	if (copied < part->bytes) /* the frame is not what the page should be */
		return -EFAULT;
	err = block_write(part->device, part->sector, &part->frame, 1);
	return err ? err : (ssize_t)copied;
}

static ssize_t transfer(struct file *file, struct io_buf *buf, loff_t *pos,
			ssize_t (*move)(const struct part *, struct io_buf *))
{
	struct frame *frame = frame_alloc(0, FRAME_KHEAP);
	loff_t start = *pos;
	ssize_t moved = 0;

	if (!frame)
		return -ENOMEM;
	while (buf->bytes && *pos < size_of(device_of(file))) {
		struct part part = part_at(file, frame, *pos, buf->bytes);

		moved = move(&part, buf);
		if (moved < 0)
			break;
		*pos += moved;
		if ((size_t)moved < part.bytes)
			break;
	}
	frame_free(frame);
	return *pos > start ? *pos - start : moved;
}

static ssize_t block_file_read(struct file *file, struct io_buf *to,
			       loff_t *pos)
{
	return transfer(file, to, pos, read_part);
}

static ssize_t block_file_write(struct file *file, struct io_buf *from,
				loff_t *pos)
{
	if (from->bytes && *pos >= size_of(device_of(file)))
		return -ENOSPC;
	return transfer(file, from, pos, write_part);
}

static const struct file_ops block_file_ops = {
	.open = block_file_open,
	.read = block_file_read,
	.write = block_file_write,
	.lseek = block_file_lseek,
};

/* ---- names ---- */

const struct file_ops *block_file_find(uint64_t rdev)
{
	return block_find_rdev(rdev) ? &block_file_ops : NULL;
}

void block_file_init(void)
{
	const struct block_device *device;
	char path[32];

	for (device = block_first(); device; device = device->next) {
		snprintf(path, sizeof(path), "/dev/%s", device->name);
		if (vfs_mknod(AT_FDCWD, path, S_IFBLK | 0660, device->rdev))
			printk("%s: cannot make %s\n", device->name, path);
	}
}
