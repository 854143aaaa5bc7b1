/*
 * virtio disks: block devices vda, vdb, ... of 512-byte sectors.
 */
#pragma once

/* Find them. After pci_init() and irq_init(). */
void virtio_blk_init(void);
