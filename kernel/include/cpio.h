/*
 * cpio archives in the "newc" format: what an initramfs is.
 *
 * Logic only: the parser reads a range of bytes that may hold anything and
 * calls back for every entry that is whole; the pointers it hands over point
 * into the range.
 *
 *	header, 110 bytes of ASCII | name NUL | pad to 4 | data | pad to 4
 *	... and at the end an entry called TRAILER!!!
 */
#pragma once

#include "types.h"

struct cpio_entry {
	uint32_t ino, mode, uid, gid, nlink, mtime;
	uint32_t dev_major, dev_minor;   /* of the file system it came from */
	uint32_t rdev_major, rdev_minor; /* of a device node */
	const char *name;                /* ends with a NUL */
	size_t name_bytes;               /* without the NUL */
	const uint8_t *data;             /* contents, or a link's target */
	size_t data_bytes;
};

/*
 * Call @visit for each entry of [@archive, @archive + @bytes), in order; several
 * archives, padded with zero bytes, may follow each other. Stops at the first
 * broken entry or when @visit returns not 0. Returns 0, what @visit returned, or
 * -EINVAL (no archive, or broken) or -EIO (cut short, empty); *@offset, if not NULL, is
 * where it stopped.
 */
int cpio_parse(const void *archive, size_t bytes,
	       int (*visit)(const struct cpio_entry *entry, void *arg),
	       void *arg, size_t *offset);
