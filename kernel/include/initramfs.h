/*
 * Filling the root file system at start-up.
 */
#pragma once

#include "types.h"

/*
 * Unpack the archive in [archive, archive + bytes) over the root; later entries
 * replace earlier ones, and missing directories are made. What cannot be unpacked
 * is one line in the log; the rest is kept. @what names the archive in it.
 */
void initramfs_unpack(const char *what, const void *archive, size_t bytes);

/*
 * Unpack the boot loader's module and give its frames back, then lay the
 * archive that QEMU may offer (fw_cfg opt/faultline/root) over it. Once, after
 * vfs_init() and fw_cfg_init().
 */
void initramfs_init(void);
