/*
 * Files that QEMU offers to the guest: `-fw_cfg name=opt/faultline/...`.
 */
#pragma once

#include "types.h"

/* Look for the device. Without one, every lookup finds nothing. */
void fw_cfg_init(void);

struct fw_cfg_file {
	uint16_t selector;
	uint32_t size; /* bytes */
};

/* Find the file called @name. 0, or -ENOENT. */
int fw_cfg_find(const char *name, struct fw_cfg_file *file);

/*
 * Read @n bytes at @offset of @file to @buf, which the direct map or the kernel
 * image holds: the device writes to physical memory.
 */
void fw_cfg_read(const struct fw_cfg_file *file, size_t offset, void *buf,
		 size_t n);
