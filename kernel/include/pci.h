/*
 * PCI: which devices there are, and their configuration space.
 */
#pragma once

#include "types.h"

struct pci_device {
	uint8_t bus, slot, function;
	uint8_t class_code, subclass;
	uint8_t irq_line; /* of the 8259s, as the firmware has wired it */
	uint16_t vendor, device;
};

/* Offsets in configuration space. */
#define PCI_COMMAND 0x04
#define PCI_COMMAND_IO 0x1u
#define PCI_COMMAND_MEMORY 0x2u
#define PCI_COMMAND_BUS_MASTER 0x4u
#define PCI_BAR(n) (0x10 + 4 * (n))
#define PCI_BAR_IO 0x1u /* the region is ports, not memory */

#define PCI_CLASS_STORAGE 0x01
#define PCI_SUBCLASS_IDE 0x01

/* List the devices of every bus that the firmware has numbered. Once. */
void pci_init(void);

/* Device number @i that was found, or NULL behind the last. */
const struct pci_device *pci_device_at(size_t i);

/* Read and write 32 bits of configuration space; @offset is a multiple of 4. */
uint32_t pci_read(const struct pci_device *device, uint8_t offset);
void pci_write(const struct pci_device *device, uint8_t offset, uint32_t value);

/* The first port of region @n, or 0: it is not made of ports. */
uint16_t pci_io_base(const struct pci_device *device, unsigned int n);

/* Let the device answer at its ports and read and write memory by itself. */
void pci_enable(const struct pci_device *device);
