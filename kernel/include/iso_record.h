/*
 * ISO 9660 and Rock Ridge: what the bytes on a disc mean.
 *
 * Logic only, so that a host test can feed it broken discs. Nothing that is read
 * is believed: lengths are checked against what holds them, and chains have an
 * end.
 */
#pragma once

#include "types.h"

#define ISO_SECTOR_BYTES 2048
#define ISO_FIRST_DESCRIPTOR 16 /* sector of the first volume descriptor */
#define ISO_NAME_MAX 255
#define ISO_TARGET_MAX 1023

/* What a directory says about one of its entries. */
struct iso_entry {
	uint32_t sector;        /* where the contents start */
	uint64_t bytes;         /* how long they are */
	uint32_t mode, nlink, uid, gid;
	int64_t mtime;          /* seconds since 1970 */
	bool special;           /* "." or "..", or moved here by Rock Ridge */
	bool has_parts;         /* 4 GiB and more: contents in several records */
	uint32_t child_sector;  /* not 0: the directory was moved there */
	size_t name_bytes;
	size_t target_bytes;    /* of a symbolic link */
	char name[ISO_NAME_MAX + 1];
	char target[ISO_TARGET_MAX + 1];
};

/* Where more of an entry is read from: 0 or an error. */
typedef int (*iso_read_fn)(void *arg, uint64_t position, void *to,
			   size_t bytes);

/* What is the same for all entries of a disc. */
struct iso_format {
	bool rock_ridge;
	uint8_t skip; /* bytes in front of each entry's Rock Ridge fields */
};

enum iso_descriptor { ISO_NOT_A_DISC, ISO_PRIMARY, ISO_OTHER, ISO_END };

/*
 * What the volume descriptor @sector is. ISO_PRIMARY: *@root is the root
 * directory (sector, bytes).
 */
enum iso_descriptor iso_parse_descriptor(const uint8_t *sector,
					 struct iso_entry *root);

/*
 * The length of the record at @offset of a directory's @sector. 0: no more in
 * this sector. -EIO: it reaches beyond it.
 */
int iso_record_bytes(const uint8_t *sector, size_t offset);

/* Whether the first record of the root directory announces Rock Ridge. */
struct iso_format iso_parse_format(const uint8_t *sector);

/*
 * Fill @entry from the record at @offset of @sector, which iso_record_bytes()
 * found good. @read fetches what a record has elsewhere. 0, -EIO, or what @read
 * returned.
 */
int iso_parse_entry(const struct iso_format *format, const uint8_t *sector,
		    size_t offset, iso_read_fn read, void *arg,
		    struct iso_entry *entry);
