/*
 * QEMU's firmware configuration device.
 *
 * A selector names an item; file names are looked up in the item that lists
 * them. The device writes whole items to memory (DMA) where QEMU is new enough,
 * else each byte is read from a port. Its numbers are big-endian.
 */
#include "fw_cfg.h"

#include <uapi/errno.h>

#include "arch.h"
#include "string.h"

#define PORT_SELECTOR 0x510
#define PORT_DATA 0x511
#define PORT_DMA_HIGH 0x514
#define PORT_DMA_LOW 0x518 /* writing it starts the transfer */

#define ITEM_SIGNATURE 0x0000
#define ITEM_FEATURES 0x0001
#define ITEM_DIRECTORY 0x0019
#define FEATURE_DMA 0x02

#define DMA_ERROR 0x01u
#define DMA_READ 0x02u
#define DMA_SKIP 0x04u

struct dma_request {
	uint32_t control; /* the selector in the upper half */
	uint32_t length;
	uint64_t address;
};

struct directory_entry {
	uint32_t size;
	uint16_t selector;
	uint16_t reserved;
	char name[56];
};

static bool present, has_dma;

/* The image is not in the direct map; read_next() sees to everything else. */
static paddr_t buffer_phys(const void *buf)
{
	return (vaddr_t)buf >= KERNEL_BASE ? image_to_phys(buf)
					   : virt_to_phys(buf);
}

/* QEMU works on the request before the port write returns. */
static void dma(uint32_t control, void *buf, size_t n)
{
	static volatile struct dma_request request;
	paddr_t at = image_to_phys((const void *)&request);

	request.control = __builtin_bswap32(control);
	request.length = __builtin_bswap32((uint32_t)n);
	request.address = __builtin_bswap64(buf ? buffer_phys(buf) : 0);
	outl(PORT_DMA_HIGH, __builtin_bswap32((uint32_t)(at >> 32)));
	outl(PORT_DMA_LOW, __builtin_bswap32((uint32_t)at));
	while (request.control & ~__builtin_bswap32(DMA_ERROR))
		;
}

static void select_item(uint16_t selector)
{
	outw(PORT_SELECTOR, selector);
}

static void skip(size_t n)
{
	if (has_dma)
		dma(DMA_SKIP, NULL, n);
	else
		while (n--)
			inb(PORT_DATA);
}

/* Through a buffer whose place in RAM is known. */
static void read_by_dma(void *buf, size_t n)
{
	static char page[PAGE_SIZE];

	while (n) {
		size_t part = n < PAGE_SIZE ? n : PAGE_SIZE;

		dma(DMA_READ, page, part);
		memcpy(buf, page, part);
		buf = (char *)buf + part;
		n -= part;
	}
}

/* Is @buf in one of the windows, where pages need not be neighbours in RAM? */
static bool is_in_window(const void *buf)
{
	return (vaddr_t)buf >= KSTACK_BASE && (vaddr_t)buf < KERNEL_BASE;
}

/* The next @n bytes of the selected item. */
static void read_next(void *buf, size_t n)
{
	if (!has_dma)
		insb(PORT_DATA, buf, n);
	else if (is_in_window(buf))
		read_by_dma(buf, n);
	else
		dma(DMA_READ, buf, n);
}

void fw_cfg_init(void)
{
	static char signature[4]; /* static: in the image, for DMA */
	static uint8_t features[4];

	select_item(ITEM_SIGNATURE);
	read_next(signature, sizeof(signature));
	present = memcmp(signature, "QEMU", sizeof(signature)) == 0;
	if (!present)
		return;
	select_item(ITEM_FEATURES);
	read_next(features, sizeof(features));
	has_dma = features[0] & FEATURE_DMA;
}

int fw_cfg_find(const char *name, struct fw_cfg_file *file)
{
	static struct directory_entry entry;
	static uint32_t nr;

	if (!present)
		return -ENOENT;
	select_item(ITEM_DIRECTORY);
	read_next(&nr, sizeof(nr));
	for (uint32_t i = 0; i < __builtin_bswap32(nr); i++) {
		read_next(&entry, sizeof(entry));
		if (strncmp(entry.name, name, sizeof(entry.name)))
			continue;
		file->size = __builtin_bswap32(entry.size);
		file->selector = __builtin_bswap16(entry.selector);
		return 0;
	}
	return -ENOENT;
}

void fw_cfg_read(const struct fw_cfg_file *file, size_t offset, void *buf,
		 size_t n)
{
	select_item(file->selector);
	if (offset)
		skip(offset);
	read_next(buf, n);
}
