/*
 * The disk of virtual machines, by the "legacy" interface of virtio.
 *
 * Requests pass through a queue in memory that both sides read: we write
 * descriptors and say in `avail` where a chain of them starts, the device does
 * what they say and puts the chain's number into `used`.
 *
 *	page 0    descriptors        | address | bytes | flags | next |
 *	page 1    avail              | flags | idx | chain, chain, ...
 *	page 2    used               | flags | idx | chain and bytes, ...
 *	page 3    header and status of the one request that is on its way
 *
 *	a chain   header -> frame -> frame -> ... -> status
 *
 * The block layer sends one request at a time, so the chain always starts at
 * descriptor 0, and whoever sees that used->idx has moved knows whose it is.
 */
#include "virtio_blk.h"

#include <uapi/errno.h>

#include "arch.h"
#include "block.h"
#include "frame.h"
#include "inode.h"
#include "irq.h"
#include "kmalloc.h"
#include "pci.h"
#include "printk.h"
#include "sched.h"
#include "string.h"
#include "timer.h"

#define VENDOR_VIRTIO 0x1af4
#define DEVICE_LEGACY_BLK 0x1001

/* Ports, from region 0 on. */
#define REG_HOST_FEATURES 0x00
#define REG_GUEST_FEATURES 0x04
#define REG_QUEUE_PFN 0x08
#define REG_QUEUE_SIZE 0x0c
#define REG_QUEUE_SELECT 0x0e
#define REG_QUEUE_NOTIFY 0x10
#define REG_STATUS 0x12
#define REG_ISR 0x13 /* reading it takes the interrupt back */
#define REG_CAPACITY 0x14

#define STATUS_ACKNOWLEDGE 0x01
#define STATUS_DRIVER 0x02
#define STATUS_DRIVER_OK 0x04
#define STATUS_FAILED 0x80

#define FEATURE_READ_ONLY (1u << 5)

#define SECTOR_BYTES 512
#define FRAMES_PER_REQUEST 32
#define MIN_QUEUE_SIZE (FRAMES_PER_REQUEST + 2)
#define MAX_QUEUE_SIZE 256 /* what the four pages have room for */
#define QUEUE_ORDER 2

#define REQUEST_NS (30 * NSEC_PER_SEC)

#define LINUX_MAJOR 254 /* what the first dynamic major usually is */
#define MINORS_PER_DISK 16

struct descriptor {
	uint64_t address;
	uint32_t bytes;
	uint16_t flags;
	uint16_t next;
};

#define DESCRIPTOR_NEXT 1
#define DESCRIPTOR_DEVICE_WRITES 2

_Static_assert(sizeof(struct descriptor) == 16, "as the device reads it");

struct avail {
	uint16_t flags;
	uint16_t idx; /* chains ever offered */
	uint16_t chain[MAX_QUEUE_SIZE];
};

struct used {
	uint16_t flags;
	volatile uint16_t idx; /* written by the device: chains ever done */
};

struct request {
	uint32_t type;
	uint32_t reserved;
	uint64_t sector;
	volatile uint8_t status; /* written by the device */
};

#define REQUEST_READ 0
#define REQUEST_WRITE 1
#define REQUEST_HEADER_BYTES 16
#define REQUEST_OK 0

struct virtio_blk {
	struct block_device block;
	struct virtio_blk *next;  /* constant once registered */
	uint16_t base;            /* constant, as are the next two */
	uint16_t queue_size;
	char name[8];
	struct wait_queue done;
	bool broken;              /* block.lock: it has stopped answering */
	struct descriptor *descriptors;
	struct avail *avail;
	struct used *used;
	struct request *request;
};

static struct virtio_blk *disks;

static struct virtio_blk *disk_of(struct block_device *device)
{
	return container_of(device, struct virtio_blk, block);
}

/* ---- the interrupt: several disks may share a line ---- */

static void interrupt(struct trap_frame *frame)
{
	(void)frame;
	for (struct virtio_blk *disk = disks; disk; disk = disk->next)
		if (inb(disk->base + REG_ISR))
			wake_up(&disk->done);
}

/* ---- one request ---- */

static void set_descriptor(struct virtio_blk *disk, uint16_t i,
			   const void *data, size_t bytes, uint16_t flags)
{
	disk->descriptors[i] = (struct descriptor){
		.address = virt_to_phys(data),
		.bytes = (uint32_t)bytes,
		.flags = flags,
		.next = i + 1,
	};
}

static void build_chain(struct virtio_blk *disk, bool write, uint64_t sector,
			struct frame *const *frames, size_t bytes)
{
	uint16_t data_flags = DESCRIPTOR_NEXT |
			      (write ? 0 : DESCRIPTOR_DEVICE_WRITES);
	struct request *request = disk->request;
	uint16_t i = 0;

	request->type = write ? REQUEST_WRITE : REQUEST_READ;
	request->reserved = 0;
	request->sector = sector;
	request->status = (uint8_t)~REQUEST_OK;
	set_descriptor(disk, i++, request, REQUEST_HEADER_BYTES,
		       DESCRIPTOR_NEXT);
	for (; bytes; i++) {
		size_t n = bytes < PAGE_SIZE ? bytes : PAGE_SIZE;

		set_descriptor(disk, i, frame_to_virt(*frames++), n,
			       data_flags);
		bytes -= n;
	}
	set_descriptor(disk, i, (const void *)&request->status, 1,
		       DESCRIPTOR_DEVICE_WRITES);
}

/*
 * Offer the chain and sleep until it is done. A device that does not answer is
 * reset, so that it cannot write to frames that are somebody else's by then.
 */
static int run_chain(struct virtio_blk *disk)
{
	struct avail *avail = disk->avail;
	uint64_t deadline = ktime_ns() + REQUEST_NS;
	uint16_t want = avail->idx + 1;

	avail->chain[avail->idx % disk->queue_size] = 0;
	/* The chain is complete before the device can see it. */
	__atomic_store_n(&avail->idx, want, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	outw(disk->base + REG_QUEUE_NOTIFY, 0);
	wait_event_until(&disk->done, disk->used->idx == want, deadline);
	if (disk->used->idx != want) {
		printk("%s: no answer\n", disk->name);
		outb(disk->base + REG_STATUS, 0);
		disk->broken = true;
		return -EIO;
	}
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return disk->request->status == REQUEST_OK ? 0 : -EIO;
}

static int virtio_blk_transfer(struct block_device *device,
			       const struct block_request *request)
{
	struct virtio_blk *disk = disk_of(device);
	struct frame *const *frames = request->frames;
	uint64_t sector = request->sector;
	size_t left = request->nr_sectors * SECTOR_BYTES;

	while (left) {
		size_t max = FRAMES_PER_REQUEST * PAGE_SIZE;
		size_t n = left < max ? left : max;
		int err;

		if (disk->broken)
			return -EIO;
		build_chain(disk, request->write, sector, frames, n);
		err = run_chain(disk);
		if (err)
			return err;
		sector += n / SECTOR_BYTES;
		frames += n >> PAGE_SHIFT;
		left -= n;
	}
	return 0;
}

static int virtio_blk_start(struct block_device *device)
{
	uint16_t port = disk_of(device)->base + REG_CAPACITY;

	device->nr_sectors = inl(port) | (uint64_t)inl(port + 4) << 32;
	return device->nr_sectors ? 0 : -ENOMEDIUM;
}

static const struct block_ops virtio_blk_ops = {
	.start = virtio_blk_start,
	.transfer = virtio_blk_transfer,
};

/* ---- finding disks ---- */

static int make_queue(struct virtio_blk *disk)
{
	struct frame *frame;
	char *pages;

	outw(disk->base + REG_QUEUE_SELECT, 0);
	disk->queue_size = inw(disk->base + REG_QUEUE_SIZE);
	if (disk->queue_size < MIN_QUEUE_SIZE ||
	    disk->queue_size > MAX_QUEUE_SIZE)
		return -ENODEV;
	frame = frame_alloc(QUEUE_ORDER, FRAME_KHEAP);
	if (!frame)
		return -ENOMEM;
	pages = frame_to_virt(frame);
	memset(pages, 0, PAGE_SIZE << QUEUE_ORDER);
	disk->descriptors = (struct descriptor *)pages;
	disk->avail = (struct avail *)(pages + disk->queue_size *
						      sizeof(struct descriptor));
	/* The device finds `used` at the next page border behind `avail`. */
	disk->used = (struct used *)page_align_up(
		(vaddr_t)(&disk->avail->chain[disk->queue_size] + 1));
	disk->request = (struct request *)(pages + 3 * PAGE_SIZE);
	outl(disk->base + REG_QUEUE_PFN, (uint32_t)frame_to_pfn(frame));
	return 0;
}

/* Agree with the device on what both can; false: it is of no use to us. */
static bool set_up(struct virtio_blk *disk)
{
	uint16_t status = disk->base + REG_STATUS;
	uint32_t features;

	outb(status, 0);
	outb(status, STATUS_ACKNOWLEDGE);
	outb(status, STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	features = inl(disk->base + REG_HOST_FEATURES) & FEATURE_READ_ONLY;
	outl(disk->base + REG_GUEST_FEATURES, features);
	disk->block.read_only = features & FEATURE_READ_ONLY;
	if (make_queue(disk)) {
		outb(status, STATUS_FAILED);
		return false;
	}
	outb(status, STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_DRIVER_OK);
	return true;
}

static void attach(const struct pci_device *pci)
{
	static uint32_t nr;
	struct virtio_blk *disk = kzalloc(sizeof(*disk));

	if (!disk)
		return;
	pci_enable(pci);
	disk->base = pci_io_base(pci, 0);
	wait_queue_init(&disk->done);
	snprintf(disk->name, sizeof(disk->name), "vd%c", 'a' + nr);
	disk->block = (struct block_device){
		.name = disk->name,
		.ops = &virtio_blk_ops,
		.rdev = makedev(LINUX_MAJOR, nr * MINORS_PER_DISK),
		.sector_bytes = SECTOR_BYTES,
	};
	if (!disk->base || !set_up(disk)) {
		kfree(disk);
		return;
	}
	nr++;
	disk->next = disks;
	disks = disk;
	block_register(&disk->block);
	irq_register(pci->irq_line, interrupt);
}

void virtio_blk_init(void)
{
	const struct pci_device *pci;

	for (size_t i = 0; (pci = pci_device_at(i)); i++)
		if (pci->vendor == VENDOR_VIRTIO &&
		    pci->device == DEVICE_LEGACY_BLK &&
		    pci->irq_line < NR_IRQ_LINES)
			attach(pci);
}
