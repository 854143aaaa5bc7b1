/*
 * IDE: drives behind the two channels of a bus-master controller.
 *
 * ide.c moves packets and data; what a drive is, and what the packets say, is
 * known to the driver of its kind (cdrom.c).
 */
#pragma once

#include "types.h"

struct frame;
struct ide_channel;

#define IDE_PACKET_BYTES 12

struct ide_drive {
	struct ide_channel *channel;
	bool slave;
};

/* Find the controller and its drives. After pci_init() and irq_init(). */
void ide_init(void);

/*
 * How many of the @bytes can go to @frames in one transfer: whole frames, and
 * at least the first of them.
 */
size_t ide_transfer_bytes(struct frame *const *frames, size_t bytes);

/*
 * Send @packet to an ATAPI drive and let the controller write the @bytes that
 * come back into @frames; no more than ide_transfer_bytes() allows. 0, or -EIO:
 * the drive complained, or never answered. Sleeps; that the drives of a channel
 * take turns is seen to here.
 */
int ide_packet_read(const struct ide_drive *drive,
		    const uint8_t packet[IDE_PACKET_BYTES],
		    struct frame *const *frames, size_t bytes);
