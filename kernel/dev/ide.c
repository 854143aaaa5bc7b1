/*
 * The IDE controller: two channels, each with two drives and one interrupt.
 *
 * Data moves by bus-master DMA: the driver writes a table of pieces of memory,
 * the controller carries the bytes and interrupts when it is done.
 *
 *	PRD table   | address  | bytes  |      |  each entry: one frame, 0 bytes
 *	            | address  | bytes  | last |  meaning 64 KiB
 *
 * Its addresses have 32 bits. A frame above 4 GiB is reached through a page of
 * the channel's own, one frame at a time.
 */
#include "ide.h"

#include <uapi/errno.h>

#include "arch.h"
#include "cdrom.h"
#include "frame.h"
#include "irq.h"
#include "lock.h"
#include "panic.h"
#include "pci.h"
#include "printk.h"
#include "sched.h"
#include "string.h"
#include "timer.h"

/* Registers of a channel, from its first port on. */
#define REG_DATA 0
#define REG_FEATURES 1
#define REG_BYTES_LOW 4
#define REG_BYTES_HIGH 5
#define REG_DEVICE 6
#define REG_STATUS 7
#define REG_COMMAND 7

#define STATUS_ERROR 0x01
#define STATUS_DATA_REQUEST 0x08
#define STATUS_FAULT 0x20
#define STATUS_BUSY 0x80
#define STATUS_NO_DRIVE 0xff /* nothing drives the bus */

#define DEVICE_ALWAYS 0xa0
#define DEVICE_SLAVE 0x10

#define CONTROL_NO_INTERRUPT 0x02
#define CONTROL_RESET 0x04

#define COMMAND_PACKET 0xa0
#define COMMAND_IDENTIFY_PACKET 0xa1
#define FEATURE_DMA 0x01

/* Word 0 of what a packet device says of itself. */
#define IDENTITY_WORDS 256
#define IDENTITY_ATAPI(word) ((word) >> 14 == 2)
#define IDENTITY_TYPE(word) ((word) >> 8 & 0x1f)
#define TYPE_CDROM 5

/* Bus-master registers of a channel. */
#define BM_COMMAND 0
#define BM_STATUS 2
#define BM_TABLE 4
#define BM_CHANNEL_STEP 8
#define BM_START 0x01
#define BM_TO_MEMORY 0x08
#define BM_STATUS_ERROR 0x02
#define BM_STATUS_INTERRUPT 0x04

#define PRD_LAST 0x80000000u
#define MAX_PIECES 32

#define BUS_MASTER_BAR 4
#define DMA_LIMIT (1UL << 32)

#define SELECT_NS (30 * 1000 * 1000ULL)      /* a drive answers in 30 ms */
#define TRANSFER_NS (10 * NSEC_PER_SEC)      /* a disc may have to spin up */

struct prd {
	uint32_t address;
	uint32_t bytes; /* in the low half; PRD_LAST */
};

struct ide_channel {
	uint16_t base, control; /* constant, as are the next two */
	enum irq_line line;
	uint16_t bus_master;
	struct mutex lock;      /* rank 5 */
	struct wait_queue done;
	volatile bool interrupted; /* written by the handler */

	/* In the image, so below 4 GiB; the table must not cross 64 KiB. */
	_Alignas(MAX_PIECES * sizeof(struct prd)) struct prd table[MAX_PIECES];
	_Alignas(PAGE_SIZE) char bounce[PAGE_SIZE];
};

static struct ide_channel channels[2] = {
	{ .base = 0x1f0, .control = 0x3f6, .line = IRQ_IDE_PRIMARY },
	{ .base = 0x170, .control = 0x376, .line = IRQ_IDE_SECONDARY },
};

/* ---- the registers ---- */

static uint8_t read_status(const struct ide_channel *channel)
{
	return inb(channel->base + REG_STATUS);
}

/* Wait until the drive is not busy, nor for @more. Its status, or -EIO. */
static int wait_ready(const struct ide_channel *channel, uint8_t more)
{
	uint64_t deadline = ktime_ns() + SELECT_NS;
	uint8_t status;

	do {
		status = read_status(channel);
		if (!(status & STATUS_BUSY) && (status & more) == more)
			return status;
		if (status & STATUS_ERROR && !(status & STATUS_BUSY))
			return -EIO;
	} while (ktime_ns() < deadline);
	return -EIO;
}

/* Reading the other status register takes 100 ns, and a drive needs 400. */
static void select_drive(const struct ide_drive *drive)
{
	const struct ide_channel *channel = drive->channel;

	outb(channel->base + REG_DEVICE,
	     DEVICE_ALWAYS | (drive->slave ? DEVICE_SLAVE : 0));
	for (int i = 0; i < 4; i++)
		inb(channel->control);
}

static void reset_channel(const struct ide_channel *channel)
{
	outb(channel->control, CONTROL_RESET);
	for (int i = 0; i < 50; i++) /* 5 us */
		inb(channel->control);
	outb(channel->control, 0);
	wait_ready(channel, 0);
}

/* ---- the interrupt ---- */

static void channel_interrupt(struct ide_channel *channel)
{
	uint8_t status = inb(channel->bus_master + BM_STATUS);

	if (!(status & BM_STATUS_INTERRUPT))
		return;
	outb(channel->bus_master + BM_STATUS, status);
	read_status(channel); /* tells the drive that it was heard */
	channel->interrupted = true;
	wake_up(&channel->done);
}

static void primary_interrupt(struct trap_frame *frame)
{
	(void)frame;
	channel_interrupt(&channels[0]);
}

static void secondary_interrupt(struct trap_frame *frame)
{
	(void)frame;
	channel_interrupt(&channels[1]);
}

/* ---- one transfer ---- */

/* Point the table at the first @bytes of the @frames. */
static void fill_table(struct ide_channel *channel,
		       struct frame *const *frames, size_t bytes)
{
	struct prd *prd = channel->table;

	for (; bytes; prd++) {
		size_t piece = bytes < PAGE_SIZE ? bytes : PAGE_SIZE;

		prd->address = (uint32_t)frame_to_phys(*frames++);
		prd->bytes = (uint32_t)piece;
		bytes -= piece;
	}
	prd[-1].bytes |= PRD_LAST;
}

static void aim_at_bounce(struct ide_channel *channel, size_t bytes)
{
	channel->table[0] = (struct prd){
		.address = (uint32_t)image_to_phys(channel->bounce),
		.bytes = (uint32_t)bytes | PRD_LAST,
	};
}

/* Hand @packet over; the drive then works until it interrupts. */
static int send_packet(const struct ide_drive *drive,
		       const uint8_t packet[IDE_PACKET_BYTES])
{
	struct ide_channel *channel = drive->channel;
	int status;

	select_drive(drive);
	status = wait_ready(channel, 0);
	if (status < 0)
		return status;
	outl(channel->bus_master + BM_TABLE,
	     (uint32_t)image_to_phys(channel->table));
	outb(channel->bus_master + BM_COMMAND, BM_TO_MEMORY);
	outb(channel->bus_master + BM_STATUS,
	     BM_STATUS_ERROR | BM_STATUS_INTERRUPT);
	outb(channel->base + REG_FEATURES, FEATURE_DMA);
	outb(channel->base + REG_BYTES_LOW, 0);
	outb(channel->base + REG_BYTES_HIGH, 0);
	outb(channel->base + REG_COMMAND, COMMAND_PACKET);
	status = wait_ready(channel, STATUS_DATA_REQUEST);
	if (status < 0)
		return status;
	channel->interrupted = false;
	outsw(channel->base + REG_DATA, packet, IDE_PACKET_BYTES / 2);
	outb(channel->bus_master + BM_COMMAND, BM_TO_MEMORY | BM_START);
	return 0;
}

/* Run @packet with the table as it is. */
static int run_packet(const struct ide_drive *drive,
		      const uint8_t packet[IDE_PACKET_BYTES])
{
	struct ide_channel *channel = drive->channel;
	uint64_t deadline = ktime_ns() + TRANSFER_NS;
	uint8_t bm_status, status;
	int err = send_packet(drive, packet);

	if (err)
		return err;
	wait_event_until(&channel->done, channel->interrupted, deadline);
	outb(channel->bus_master + BM_COMMAND, 0);
	if (!channel->interrupted) {
		printk("ide: no answer from drive %d of port %x\n",
		       drive->slave, channel->base);
		reset_channel(channel);
		return -EIO;
	}
	bm_status = inb(channel->bus_master + BM_STATUS);
	status = read_status(channel);
	if (bm_status & BM_STATUS_ERROR ||
	    status & (STATUS_ERROR | STATUS_FAULT))
		return -EIO;
	return 0;
}

static bool reachable(const struct frame *frame)
{
	return frame_to_phys(frame) < DMA_LIMIT;
}

size_t ide_transfer_bytes(struct frame *const *frames, size_t bytes)
{
	size_t nr = 0;

	if (!reachable(frames[0]))
		return bytes < PAGE_SIZE ? bytes : PAGE_SIZE;
	while (nr < MAX_PIECES && nr << PAGE_SHIFT < bytes &&
	       reachable(frames[nr]))
		nr++;
	return bytes < nr << PAGE_SHIFT ? bytes : nr << PAGE_SHIFT;
}

int ide_packet_read(const struct ide_drive *drive,
		    const uint8_t packet[IDE_PACKET_BYTES],
		    struct frame *const *frames, size_t bytes)
{
	struct ide_channel *channel = drive->channel;
	bool direct = reachable(frames[0]);
	int err;

	KASSERT(bytes == ide_transfer_bytes(frames, bytes));
	mutex_lock(&channel->lock);
	if (direct)
		fill_table(channel, frames, bytes);
	else
		aim_at_bounce(channel, bytes);
	err = run_packet(drive, packet);
	if (!err && !direct)
		memcpy(frame_to_virt(frames[0]), channel->bounce, bytes);
	mutex_unlock(&channel->lock);
	return err;
}

/* ---- who is there ---- */

/* Word 0 of the drive's identity; 0: no drive, or none that takes packets. */
static uint16_t identify(const struct ide_drive *drive)
{
	const struct ide_channel *channel = drive->channel;
	uint16_t words[IDENTITY_WORDS];
	uint8_t status;

	select_drive(drive);
	status = read_status(channel);
	if (!status || status == STATUS_NO_DRIVE)
		return 0;
	if (wait_ready(channel, 0) < 0)
		return 0;
	outb(channel->base + REG_COMMAND, COMMAND_IDENTIFY_PACKET);
	if (wait_ready(channel, STATUS_DATA_REQUEST) < 0)
		return 0;
	insw(channel->base + REG_DATA, words, IDENTITY_WORDS);
	return words[0];
}

static void probe_drive(struct ide_channel *channel, bool slave)
{
	struct ide_drive drive = { channel, slave };
	uint16_t identity = identify(&drive);

	if (IDENTITY_ATAPI(identity) && IDENTITY_TYPE(identity) == TYPE_CDROM)
		cdrom_attach(&drive);
}

static void probe_channel(struct ide_channel *channel)
{
	mutex_init(&channel->lock, RANK_CHANNEL);
	wait_queue_init(&channel->done);
	outb(channel->control, CONTROL_NO_INTERRUPT);
	probe_drive(channel, false);
	probe_drive(channel, true);
	outb(channel->control, 0);
}

void ide_init(void)
{
	const struct pci_device *pci;
	uint16_t bus_master;
	size_t i = 0;

	do {
		pci = pci_device_at(i++);
		if (!pci)
			return;
	} while (pci->class_code != PCI_CLASS_STORAGE ||
		 pci->subclass != PCI_SUBCLASS_IDE);
	bus_master = pci_io_base(pci, BUS_MASTER_BAR);
	if (!bus_master)
		return;
	pci_enable(pci);
	channels[0].bus_master = bus_master;
	channels[1].bus_master = bus_master + BM_CHANNEL_STEP;
	probe_channel(&channels[0]);
	probe_channel(&channels[1]);
	irq_register(IRQ_IDE_PRIMARY, primary_interrupt);
	irq_register(IRQ_IDE_SECONDARY, secondary_interrupt);
}
