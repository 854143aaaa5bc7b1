/*
 * Character devices: which driver a device number means.
 */
#pragma once

#include "types.h"

struct file_ops;

struct char_device {
	const char *name; /* below /dev */
	uint32_t major, minor;
	const struct file_ops *ops;
};

/* The operations of device @rdev, or NULL. */
const struct file_ops *char_device_find(uint64_t rdev);

/* Device number @i of the built-in ones, or NULL behind the last. */
const struct char_device *char_device_at(size_t i);
