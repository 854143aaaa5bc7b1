/*
 * swapon: check what mkswap(8) has written to the first page of a disk, and begin
 * to use it.
 *
 *	byte 1024   version (1) | last page | number of bad pages
 *	byte 1536   the bad pages
 *	byte 4086   "SWAPSPACE2"
 */
#include <uapi/errno.h>

#include "arch.h"
#include "block.h"
#include "dentry.h"
#include "file.h"
#include "kmalloc.h"
#include "printk.h"
#include "string.h"
#include "swap_area.h"
#include "vfs.h"

#define SIGNATURE "SWAPSPACE2"
#define SIGNATURE_BYTES 10
#define HEADER_VERSION 1
#define INFO_OFFSET 1024
#define BAD_PAGES_OFFSET 1536
#define BAD_PAGES_MAX \
	((PAGE_SIZE - SIGNATURE_BYTES - BAD_PAGES_OFFSET) / sizeof(uint32_t))

#define PRIORITY_FIRST (-2) /* of who does not ask; the next one gets less */

struct swap_header {
	char boot_sector[INFO_OFFSET];
	uint32_t version;
	uint32_t last_page;
	uint32_t nr_bad_pages;
	uint8_t uuid_and_name[BAD_PAGES_OFFSET - INFO_OFFSET - 12];
	uint32_t bad_page[BAD_PAGES_MAX];
	char unused[PAGE_SIZE - SIGNATURE_BYTES - BAD_PAGES_OFFSET -
		    BAD_PAGES_MAX * sizeof(uint32_t)];
	char signature[SIGNATURE_BYTES];
};

_Static_assert(sizeof(struct swap_header) == PAGE_SIZE, "as mkswap writes it");

struct mutex swap_on_lock = MUTEX_INIT(swap_on_lock, RANK_IO);

static int next_priority = PRIORITY_FIRST; /* swap_on_lock */

/* Slots of the area that the header describes, or -EINVAL. */
static int64_t check_header(const struct swap_header *header,
			    const struct block_device *device)
{
	uint64_t pages = device->nr_sectors * device->sector_bytes / PAGE_SIZE;

	if (memcmp(header->signature, SIGNATURE, SIGNATURE_BYTES)) {
		printk("Unable to find swap-space signature\n");
		return -EINVAL;
	}
	if (header->version != HEADER_VERSION) {
		printk("Unable to handle swap header version %u\n",
		       header->version);
		return -EINVAL;
	}
	if (!header->last_page) {
		printk("Empty swap-file\n");
		return -EINVAL;
	}
	if ((uint64_t)header->last_page + 1 > pages) {
		printk("Swap area shorter than signature indicates\n");
		return -EINVAL;
	}
	if (header->nr_bad_pages > BAD_PAGES_MAX)
		return -EINVAL;
	return (int64_t)header->last_page + 1;
}

static int enter_bad_pages(struct swap_map *map,
			   const struct swap_header *header)
{
	for (uint32_t i = 0; i < header->nr_bad_pages; i++)
		if (swap_map_set_bad(map, header->bad_page[i]))
			return -EINVAL;
	if (!map->nr_good) {
		printk("Empty swap-file\n");
		return -EINVAL;
	}
	return 0;
}

/* Read the header of area->device and make its map. */
static int read_header(struct swap_area *area)
{
	struct frame *frame = frame_alloc(0, FRAME_KHEAP);
	const struct swap_header *header;
	int64_t slots;
	int err;

	if (!frame)
		return -ENOMEM;
	header = frame_to_virt(frame);
	err = block_read(area->device, 0, &frame, 1);
	if (!err) {
		slots = check_header(header, area->device);
		err = slots < 0 ? (int)slots
				: swap_map_create(&area->map, (uint32_t)slots);
	}
	if (!err) {
		err = enter_bad_pages(&area->map, header);
		if (err)
			swap_map_destroy(&area->map);
	}
	frame_free(frame);
	return err;
}

void swap_area_destroy(struct swap_area *area)
{
	if (area->map.chunk)
		swap_map_destroy(&area->map);
	file_put(area->file);
	kfree(area);
}

/* The place in the table for a new area on @device; -EBUSY: it is in use. */
static int find_place_locked(const struct block_device *device)
{
	int place = -EPERM;

	for (int i = SWAP_AREAS_MAX - 1; i >= 0; i--) {
		if (!swap_areas[i])
			place = i;
		else if (swap_areas[i]->device == device)
			return -EBUSY;
	}
	return place;
}

static void choose_path(struct swap_area *area, const char *path)
{
	char buf[SWAP_PATH_BYTES];
	const char *full = NULL;

	if (area->file->dentry)
		full = dentry_path(area->file->dentry, buf, sizeof(buf));
	strlcpy(area->path, full ? full : path, sizeof(area->path));
}

/* Publish @area: from here on pages may go there. */
static void enter_area(struct swap_area *area, int place, int flags)
{
	uint64_t kib = area->map.nr_good * (PAGE_SIZE / 1024);

	area->nr = (unsigned int)place;
	area->priority = flags & SWAP_FLAG_PREFER ? flags & SWAP_FLAG_PRIO_MASK
						  : next_priority--;
	spin_lock(&swap_lock);
	swap_areas[place] = area;
	spin_unlock(&swap_lock);
	printk("Adding %luk swap on %s.  Priority:%d extents:1 across:%luk\n",
	       kib, area->path, area->priority, kib);
}

static int swap_on_locked(struct file *file, const char *path, int flags)
{
	struct block_device *device = block_find_rdev(file->inode->rdev);
	struct swap_area *area;
	int place, err;

	if (!S_ISBLK(file->inode->mode) || !device)
		return -EINVAL;
	place = find_place_locked(device);
	if (place < 0)
		return place;
	area = kzalloc(sizeof(*area));
	if (!area)
		return -ENOMEM;
	file_get(file);
	area->file = file;
	area->device = device;
	choose_path(area, path);
	err = read_header(area);
	if (err)
		swap_area_destroy(area);
	else
		enter_area(area, place, flags);
	return err;
}

int swap_on(const char *path, int flags)
{
	struct file *file;
	int err;

	if (flags & ~SWAP_FLAGS_VALID)
		return -EINVAL;
	err = vfs_open(AT_FDCWD, path, O_RDWR, 0, &file);
	if (err)
		return err;
	mutex_lock(&swap_on_lock);
	err = swap_on_locked(file, path, flags);
	mutex_unlock(&swap_on_lock);
	file_put(file);
	return err;
}

/* A disk with anything else on it is left alone. */
void swap_init(void)
{
	const struct block_device *device;
	char path[32];

	for (device = block_first(); device; device = device->next) {
		if (device->read_only)
			continue;
		snprintf(path, sizeof(path), "/dev/%s", device->name);
		swap_on(path, 0);
	}
}
