/*
 * The block layer: from pages to sectors, and one request at a time.
 */
#include "block.h"

#include <uapi/errno.h>

#include "arch.h"
#include "frame.h"
#include "string.h"

static struct block_device *devices; /* complete before the first program */

void block_register(struct block_device *device)
{
	mutex_init(&device->lock);
	device->next = devices;
	devices = device;
}

struct block_device *block_find(const char *name)
{
	struct block_device *device = devices;

	while (device && strcmp(device->name, name))
		device = device->next;
	return device;
}

static int start_locked(struct block_device *device)
{
	int err;

	if (device->started)
		return 0;
	err = device->ops->start(device);
	device->started = !err;
	return err;
}

int block_start(struct block_device *device)
{
	int err;

	mutex_lock(&device->lock);
	err = start_locked(device);
	mutex_unlock(&device->lock);
	return err;
}

/* Clear what lies behind the first @bytes of the frames. */
static void zero_behind(struct frame *const *frames, size_t nr_frames,
			size_t bytes)
{
	for (size_t i = bytes >> PAGE_SHIFT; i < nr_frames; i++) {
		size_t used = i == bytes >> PAGE_SHIFT
				      ? bytes & (PAGE_SIZE - 1) : 0;

		memset((char *)frame_to_virt(frames[i]) + used, 0,
		       PAGE_SIZE - used);
	}
}

static int read_locked(struct block_device *device, uint64_t sector,
		       struct frame *const *frames, size_t nr_frames)
{
	struct block_request request = {
		.sector = sector,
		.nr_sectors = (nr_frames << PAGE_SHIFT) / device->sector_bytes,
		.frames = frames,
	};
	int err;

	if (sector >= device->nr_sectors)
		return -EIO;
	if (request.nr_sectors > device->nr_sectors - sector) {
		request.nr_sectors = (size_t)(device->nr_sectors - sector);
		zero_behind(frames, nr_frames,
			    request.nr_sectors * device->sector_bytes);
	}
	err = device->ops->transfer(device, &request);
	if (!err)
		device->sectors_read += request.nr_sectors;
	return err;
}

int block_read(struct block_device *device, uint64_t sector,
	       struct frame *const *frames, size_t nr_frames)
{
	int err;

	mutex_lock(&device->lock);
	err = start_locked(device);
	if (!err)
		err = read_locked(device, sector, frames, nr_frames);
	mutex_unlock(&device->lock);
	return err;
}

static int write_locked(struct block_device *device, uint64_t sector,
			struct frame *const *frames, size_t nr_frames)
{
	struct block_request request = {
		.sector = sector,
		.nr_sectors = (nr_frames << PAGE_SHIFT) / device->sector_bytes,
		.frames = frames,
		.write = true,
	};
	int err;

	if (sector >= device->nr_sectors ||
	    request.nr_sectors > device->nr_sectors - sector)
		return -EIO;
	err = device->ops->transfer(device, &request);
	if (!err)
		device->sectors_written += request.nr_sectors;
	return err;
}

int block_write(struct block_device *device, uint64_t sector,
		struct frame *const *frames, size_t nr_frames)
{
	int err;

	if (device->read_only)
		return -EROFS;
	mutex_lock(&device->lock);
	err = start_locked(device);
	if (!err)
		err = write_locked(device, sector, frames, nr_frames);
	mutex_unlock(&device->lock);
	return err;
}
