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
	mutex_init(&device->lock, RANK_BLOCK);
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

struct block_device *block_find_rdev(uint64_t rdev)
{
	struct block_device *device = devices;

	while (device && device->rdev != rdev)
		device = device->next;
	return device;
}

struct block_device *block_first(void)
{
	return devices;
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

/* The page that the device ends in is moved as far as it goes. */
static int transfer_locked(struct block_device *device,
			   struct block_request *request, size_t nr_frames)
{
	uint64_t left;
	int err;

	if (request->sector >= device->nr_sectors)
		return -EIO;
	left = device->nr_sectors - request->sector;
	if (request->nr_sectors > left) {
		request->nr_sectors = (size_t)left;
		if (!request->write)
			zero_behind(request->frames, nr_frames,
				    left * device->sector_bytes);
	}
	err = device->ops->transfer(device, request);
	if (err)
		return err;
	if (request->write)
		device->sectors_written += request->nr_sectors;
	else
		device->sectors_read += request->nr_sectors;
	return 0;
}

static int transfer(struct block_device *device, uint64_t sector,
		    struct frame *const *frames, size_t nr_frames, bool write)
{
	struct block_request request = {
		.sector = sector,
		.nr_sectors = (nr_frames << PAGE_SHIFT) / device->sector_bytes,
		.frames = frames,
		.write = write,
	};
	int err;

	if (should_fail(FAIL_DISK))
		return -EIO;
	mutex_lock(&device->lock);
	err = start_locked(device);
	if (!err)
		err = transfer_locked(device, &request, nr_frames);
	mutex_unlock(&device->lock);
	return err;
}

int block_read(struct block_device *device, uint64_t sector,
	       struct frame *const *frames, size_t nr_frames)
{
	return transfer(device, sector, frames, nr_frames, false);
}

int block_write(struct block_device *device, uint64_t sector,
		struct frame *const *frames, size_t nr_frames)
{
	if (device->read_only)
		return -EROFS;
	return transfer(device, sector, frames, nr_frames, true);
}
