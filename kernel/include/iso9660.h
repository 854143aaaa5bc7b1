/*
 * The CD-ROM's file system, read-only at /cdrom.
 */
#pragma once

#include "types.h"

/*
 * Mount the first CD-ROM drive's disc at /cdrom, if there is a drive. The disc
 * is not touched before somebody looks into the directory.
 */
void iso9660_init(void);

/* Forget the inodes that nobody uses, and with them their cached pages. */
void iso9660_drop_inodes(void);
