/*
 * PCI configuration space, reached through two ports.
 *
 * An address written to the first chooses what the second shows:
 *
 *	31       24 23    16 15  11 10    8 7       2 1 0
 *	| enable   |  bus   | slot |function| offset |0 0|
 *
 * The firmware has assigned ports, memory and interrupt lines to every device,
 * and a number to every bus; we only look.
 */
#include "pci.h"

#include "arch.h"
#include "printk.h"

#define PORT_ADDRESS 0xcf8
#define PORT_DATA 0xcfc
#define ADDRESS_ENABLE 0x80000000u

#define OFFSET_ID 0x00
#define OFFSET_CLASS 0x08
#define OFFSET_HEADER 0x0c
#define OFFSET_BUSES 0x18 /* of a bridge: secondary bus in bits 8 to 15 */
#define OFFSET_INTERRUPT 0x3c

#define NO_DEVICE 0xffff /* vendor */
#define CLASS_BRIDGE 0x06
#define SUBCLASS_PCI_BRIDGE 0x04
#define HEADER_MULTIFUNCTION 0x00800000u

#define SLOTS_PER_BUS 32
#define FUNCTIONS_PER_SLOT 8
#define MAX_DEVICES 64

static struct pci_device devices[MAX_DEVICES];
static size_t nr_devices;

static void scan_bus(uint8_t bus);

static void select(const struct pci_device *device, uint8_t offset)
{
	outl(PORT_ADDRESS, ADDRESS_ENABLE | (uint32_t)device->bus << 16 |
				   (uint32_t)device->slot << 11 |
				   (uint32_t)device->function << 8 | offset);
}

uint32_t pci_read(const struct pci_device *device, uint8_t offset)
{
	select(device, offset);
	return inl(PORT_DATA);
}

void pci_write(const struct pci_device *device, uint8_t offset, uint32_t value)
{
	select(device, offset);
	outl(PORT_DATA, value);
}

/* A bridge's bus has a larger number than its own, so the scan ends. */
static void scan_behind(const struct pci_device *bridge)
{
	uint8_t bus = pci_read(bridge, OFFSET_BUSES) >> 8 & 0xff;

	if (bus > bridge->bus)
		scan_bus(bus);
}

/* Enter the device if it is there; false: it is not. */
static bool scan_function(uint8_t bus, uint8_t slot, uint8_t function)
{
	struct pci_device device = {
		.bus = bus,
		.slot = slot,
		.function = function,
	};
	uint32_t id = pci_read(&device, OFFSET_ID), class;

	if ((id & 0xffff) == NO_DEVICE)
		return false;
	class = pci_read(&device, OFFSET_CLASS);
	device.vendor = id & 0xffff;
	device.device = id >> 16;
	device.class_code = class >> 24;
	device.subclass = class >> 16 & 0xff;
	device.irq_line = pci_read(&device, OFFSET_INTERRUPT) & 0xff;
	if (nr_devices < MAX_DEVICES)
		devices[nr_devices++] = device;
	else
		printk("pci: no room for %04x:%04x\n", device.vendor,
		       device.device);
	if (device.class_code == CLASS_BRIDGE &&
	    device.subclass == SUBCLASS_PCI_BRIDGE)
		scan_behind(&device);
	return true;
}

static void scan_slot(uint8_t bus, uint8_t slot)
{
	struct pci_device first = { .bus = bus, .slot = slot };

	if (!scan_function(bus, slot, 0))
		return;
	if (!(pci_read(&first, OFFSET_HEADER) & HEADER_MULTIFUNCTION))
		return;
	for (uint8_t function = 1; function < FUNCTIONS_PER_SLOT; function++)
		scan_function(bus, slot, function);
}

static void scan_bus(uint8_t bus)
{
	for (uint8_t slot = 0; slot < SLOTS_PER_BUS; slot++)
		scan_slot(bus, slot);
}

void pci_init(void)
{
	scan_bus(0);
}

const struct pci_device *pci_device_at(size_t i)
{
	return i < nr_devices ? &devices[i] : NULL;
}

uint16_t pci_io_base(const struct pci_device *device, unsigned int n)
{
	uint32_t bar = pci_read(device, (uint8_t)PCI_BAR(n));

	return bar & PCI_BAR_IO ? bar & 0xfffc : 0;
}

void pci_enable(const struct pci_device *device)
{
	uint32_t command = pci_read(device, PCI_COMMAND) & 0xffff;

	/* The upper half is status: ones written there would clear it. */
	pci_write(device, PCI_COMMAND,
		  command | PCI_COMMAND_IO | PCI_COMMAND_BUS_MASTER);
}
