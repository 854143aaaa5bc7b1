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

/* Read the first @n bytes of @file to @buf, which lies in the direct map. */
void fw_cfg_read(const struct fw_cfg_file *file, void *buf, size_t n);
