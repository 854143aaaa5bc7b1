/*
 * Block devices: disks, as everything above the drivers sees them.
 *
 * A request moves whole sectors between a disk and frames of memory and ends
 * before the call returns; the caller sleeps meanwhile. There is no queue: a
 * device does one request after the other, in the order of its lock.
 */
#pragma once

#include "lock.h"
#include "types.h"

struct block_device;
struct frame;

struct block_request {
	uint64_t sector;
	size_t nr_sectors;
	struct frame *const *frames; /* filled one after the other */
	bool write;
};

struct block_ops {
	/*
	 * Get ready and fill in nr_sectors; called before the first transfer
	 * and again when that failed. 0, -EIO or -ENOMEDIUM.
	 */
	int (*start)(struct block_device *device);

	/* Caller holds device->lock. 0 or -EIO; then all may be half done. */
	int (*transfer)(struct block_device *device,
			const struct block_request *request);
};

struct block_device {
	const char *name;         /* "sr0" */
	const struct block_ops *ops;
	uint64_t rdev;            /* constant: makedev() */
	size_t sector_bytes;      /* constant; a power of two up to a page */
	bool read_only;           /* constant */
	struct block_device *next; /* constant once registered */

	struct mutex lock;        /* rank 4: one request at a time */
	bool started;             /* lock */
	uint64_t nr_sectors;      /* lock; constant once started */
	uint64_t sectors_read;    /* lock */
	uint64_t sectors_written; /* lock */
};

/* Enter @device, whose constant fields are set; for a driver, at boot. */
void block_register(struct block_device *device);

/* The device called @name, or NULL. */
struct block_device *block_find(const char *name);

/* The device with that number, or NULL. */
struct block_device *block_find_rdev(uint64_t rdev);

/* The first device; the others by their next. NULL: there is none. */
struct block_device *block_first(void);

/* Make @device ready if it is not. 0, -EIO or -ENOMEDIUM. May sleep. */
int block_start(struct block_device *device);

/*
 * Read @nr_frames pages from @sector on. Where the device ends, the rest of a
 * page becomes zeros. 0, or -EIO, also when @sector lies behind the end.
 */
int block_read(struct block_device *device, uint64_t sector,
	       struct frame *const *frames, size_t nr_frames);

/* The same to the disk; what does not fit of the last page is left out. -EROFS. */
int block_write(struct block_device *device, uint64_t sector,
		struct frame *const *frames, size_t nr_frames);
