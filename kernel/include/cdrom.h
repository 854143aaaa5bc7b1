/*
 * CD-ROM drives: block devices sr0, sr1, ... of 2048-byte sectors.
 */
#pragma once

#include "ide.h"

#define CDROM_SECTOR_BYTES 2048

/* A CD-ROM has been found behind @drive. */
void cdrom_attach(const struct ide_drive *drive);
