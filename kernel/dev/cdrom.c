/*
 * CD-ROM drives: SCSI commands in ATAPI packets.
 */
#include "cdrom.h"

#include <uapi/errno.h>

#include "arch.h"
#include "block.h"
#include "frame.h"
#include "inode.h"
#include "kmalloc.h"
#include "printk.h"
#include "string.h"

#define CMD_READ_CAPACITY 0x25
#define CMD_READ_10 0x28

/*
 * A drive answers its first command after a reset or a change of disc with a
 * complaint, "unit attention", and obeys the next one.
 */
#define TRIES 3

#define LINUX_MAJOR 11

struct cdrom {
	struct block_device block;
	struct ide_drive drive;
	char name[8];
};

static struct cdrom *cdrom_of(struct block_device *device)
{
	return container_of(device, struct cdrom, block);
}

static void put_be(uint8_t *to, uint64_t value, size_t bytes)
{
	while (bytes--) {
		to[bytes] = (uint8_t)value;
		value >>= 8;
	}
}

static uint32_t get_be32(const uint8_t *from)
{
	return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 |
	       (uint32_t)from[2] << 8 | from[3];
}

static int read_packet(struct cdrom *cdrom,
		       const uint8_t packet[IDE_PACKET_BYTES],
		       struct frame *const *frames, size_t bytes)
{
	int err, tries = TRIES;

	do {
		err = ide_packet_read(&cdrom->drive, packet, frames, bytes);
	} while (err && --tries);
	return err;
}

/* READ CAPACITY: the last sector's number and the size of one. */
static int cdrom_start(struct block_device *device)
{
	static const uint8_t packet[IDE_PACKET_BYTES] = { CMD_READ_CAPACITY };
	struct frame *frame = frame_alloc(0, FRAME_KHEAP);
	const uint8_t *answer;
	int err;

	if (!frame)
		return -ENOMEM;
	answer = frame_to_virt(frame);
	err = read_packet(cdrom_of(device), packet, &frame, 8);
	if (err)
		err = -ENOMEDIUM;
	else if (get_be32(answer + 4) != CDROM_SECTOR_BYTES)
		err = -EIO;
	else
		device->nr_sectors = (uint64_t)get_be32(answer) + 1;
	frame_free(frame);
	return err;
}

/* READ(10) of what fits one packet. */
static int read_part(struct cdrom *cdrom, uint64_t sector, size_t nr_sectors,
		     struct frame *const *frames)
{
	uint8_t packet[IDE_PACKET_BYTES] = { CMD_READ_10 };

	put_be(packet + 2, sector, 4);
	put_be(packet + 7, nr_sectors, 2);
	return read_packet(cdrom, packet, frames,
			   nr_sectors * CDROM_SECTOR_BYTES);
}

static int cdrom_transfer(struct block_device *device,
			  const struct block_request *request)
{
	struct frame *const *frames = request->frames;
	uint64_t sector = request->sector;
	size_t left = request->nr_sectors * CDROM_SECTOR_BYTES;

	while (left) {
		size_t n = ide_transfer_bytes(frames, left);
		size_t nr_sectors = n / CDROM_SECTOR_BYTES;
		int err = read_part(cdrom_of(device), sector, nr_sectors,
				    frames);

		if (err) {
			printk("%s: cannot read sector %lu\n", device->name,
			       sector);
			return err;
		}
		sector += nr_sectors;
		frames += n >> PAGE_SHIFT;
		left -= n;
	}
	return 0;
}

static const struct block_ops cdrom_ops = {
	.start = cdrom_start,
	.transfer = cdrom_transfer,
};

void cdrom_attach(const struct ide_drive *drive)
{
	static unsigned int nr;
	struct cdrom *cdrom = kzalloc(sizeof(*cdrom));

	if (!cdrom)
		return;
	snprintf(cdrom->name, sizeof(cdrom->name), "sr%u", nr);
	cdrom->drive = *drive;
	cdrom->block = (struct block_device){
		.name = cdrom->name,
		.ops = &cdrom_ops,
		.rdev = makedev(LINUX_MAJOR, nr),
		.sector_bytes = CDROM_SECTOR_BYTES,
		.read_only = true,
	};
	block_register(&cdrom->block);
	nr++;
}
