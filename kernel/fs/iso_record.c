/*
 * ISO 9660 directory records, and the Rock Ridge fields behind them.
 *
 *	0      1     2        10      18     25      28    32    33
 *	| bytes | .. | sector | bytes | date | flags | ... | n | name | fields
 *
 * Numbers are stored twice, little-endian first; we read that half. Rock Ridge
 * fields are | two letters | bytes | version | ... |; a CE field says where on
 * the disc there are more of them.
 */
#include "iso_record.h"

#include <uapi/errno.h>
#include <uapi/stat.h>

#include "string.h"

/* Volume descriptor. */
#define DESCRIPTOR_ID_OFFSET 1
#define DESCRIPTOR_BLOCK_BYTES_OFFSET 128
#define DESCRIPTOR_ROOT_OFFSET 156
#define DESCRIPTOR_TYPE_PRIMARY 1
#define DESCRIPTOR_TYPE_END 255

/* Directory record. */
#define RECORD_EXTRA_OFFSET 1 /* sectors in front of the contents */
#define RECORD_SECTOR_OFFSET 2
#define RECORD_BYTES_OFFSET 10
#define RECORD_DATE_OFFSET 18
#define RECORD_FLAGS_OFFSET 25
#define RECORD_NAME_BYTES_OFFSET 32
#define RECORD_NAME_OFFSET 33
#define RECORD_MIN_BYTES 34

#define FLAG_DIRECTORY 0x02
#define FLAG_HAS_PARTS 0x80

/* Fields: the least length that each kind has, its header included. */
#define FIELD_HEADER_BYTES 4
#define FIELD_SP_BYTES 7
#define FIELD_CE_BYTES 28
#define FIELD_PX_BYTES 36
#define FIELD_CL_BYTES 12
#define FIELD_FLAGS_OFFSET 4 /* NM, SL, TF */

#define NAME_CURRENT 0x02
#define NAME_PARENT 0x04

#define LINK_CONTINUES 0x01
#define LINK_CURRENT 0x02
#define LINK_PARENT 0x04
#define LINK_ROOT 0x08

#define TIME_CREATION 0x01
#define TIME_MODIFY 0x02
#define TIME_LONG 0x80
#define TIME_SHORT_BYTES 7

/* Areas that one entry may be spread over; a chain that is longer is a loop. */
#define MAX_AREAS 32

static uint32_t get_le32(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
	       (uint32_t)from[3] << 24;
}

static uint16_t get_le16(const uint8_t *from)
{
	return (uint16_t)(from[0] | from[1] << 8);
}

/* ---- dates ---- */

/* Days from 1970-01-01 to a date; months count from March, as leap days end. */
static int64_t days_since_1970(int year, int month, int day)
{
	int shifted = (month + 9) % 12;
	int64_t years = month <= 2 ? year - 1 : year;

	return 365 * years + years / 4 - years / 100 + years / 400 +
	       (153 * shifted + 2) / 5 + day - 1 - 719468;
}

/* Years since 1900, month, day, hour, minute, second, quarters of an hour. */
static int64_t parse_date(const uint8_t *date)
{
	int64_t days = days_since_1970(1900 + date[0], date[1], date[2]);
	int64_t seconds = date[3] * 3600 + date[4] * 60 + date[5];

	return days * 86400 + seconds - (int8_t)date[6] * 900;
}

/* ---- records ---- */

static void parse_extent(const uint8_t *record, struct iso_entry *entry)
{
	entry->sector = get_le32(record + RECORD_SECTOR_OFFSET) +
			record[RECORD_EXTRA_OFFSET];
	entry->bytes = get_le32(record + RECORD_BYTES_OFFSET);
}

enum iso_descriptor iso_parse_descriptor(const uint8_t *sector,
					 struct iso_entry *root)
{
	if (memcmp(sector + DESCRIPTOR_ID_OFFSET, "CD001", 5))
		return ISO_NOT_A_DISC;
	if (sector[0] == DESCRIPTOR_TYPE_END)
		return ISO_END;
	if (sector[0] != DESCRIPTOR_TYPE_PRIMARY)
		return ISO_OTHER;
	if (get_le16(sector + DESCRIPTOR_BLOCK_BYTES_OFFSET) !=
	    ISO_SECTOR_BYTES)
		return ISO_NOT_A_DISC;
	memset(root, 0, sizeof(*root));
	parse_extent(sector + DESCRIPTOR_ROOT_OFFSET, root);
	return ISO_PRIMARY;
}

/* The first byte behind the name; a name of even length has one more. */
static size_t fields_offset(const uint8_t *record)
{
	size_t name_bytes = record[RECORD_NAME_BYTES_OFFSET];

	return RECORD_NAME_OFFSET + name_bytes + !(name_bytes & 1);
}

int iso_record_bytes(const uint8_t *sector, size_t offset)
{
	const uint8_t *record = sector + offset;
	size_t bytes;

	if (offset >= ISO_SECTOR_BYTES || !record[0])
		return 0;
	bytes = record[0];
	if (bytes < RECORD_MIN_BYTES || bytes > ISO_SECTOR_BYTES - offset)
		return -EIO;
	if (RECORD_NAME_OFFSET + (size_t)record[RECORD_NAME_BYTES_OFFSET] >
	    bytes)
		return -EIO;
	return (int)bytes;
}

struct iso_format iso_parse_format(const uint8_t *sector)
{
	struct iso_format format = { false, 0 };
	size_t at = fields_offset(sector);
	const uint8_t *field = sector + at;

	if (iso_record_bytes(sector, 0) <= 0 ||
	    at + FIELD_SP_BYTES > sector[0])
		return format;
	if (memcmp(field, "SP", 2) || field[4] != 0xbe || field[5] != 0xef)
		return format;
	format.rock_ridge = true;
	format.skip = field[6];
	return format;
}

/* ---- names without Rock Ridge: "README.TXT;1" ---- */

static void parse_plain_name(const uint8_t *record, struct iso_entry *entry)
{
	size_t bytes = record[RECORD_NAME_BYTES_OFFSET];
	const uint8_t *name = record + RECORD_NAME_OFFSET;

	entry->special = bytes == 1 && name[0] <= 1;
	for (size_t i = 0; i < bytes && name[i] != ';'; i++)
		entry->name[entry->name_bytes++] =
			name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 'a' - 'A'
							 : name[i];
	if (entry->name_bytes && entry->name[entry->name_bytes - 1] == '.')
		entry->name_bytes--;
}

/* ---- Rock Ridge ---- */

/* An entry while its fields are read. */
struct fields {
	struct iso_entry *entry;
	bool named;          /* the Rock Ridge name has begun */
	bool part_continues; /* the link's last part is not complete */
	bool more;           /* there is another area: the next three */
	uint32_t more_sector, more_offset, more_bytes;
};

/* Append up to what fits; false: it does not. */
static bool append(char *text, size_t *length, size_t max, const void *from,
		   size_t n)
{
	if (n > max - *length)
		return false;
	memcpy(text + *length, from, n);
	*length += n;
	return true;
}

static int field_name(struct fields *fields, const uint8_t *field,
		      size_t bytes)
{
	struct iso_entry *entry = fields->entry;

	if (bytes <= FIELD_FLAGS_OFFSET)
		return -EIO;
	if (field[FIELD_FLAGS_OFFSET] & (NAME_CURRENT | NAME_PARENT)) {
		entry->special = true;
		return 0;
	}
	if (!fields->named)
		entry->name_bytes = 0;
	fields->named = true;
	if (!append(entry->name, &entry->name_bytes, ISO_NAME_MAX,
		    field + FIELD_FLAGS_OFFSET + 1,
		    bytes - FIELD_FLAGS_OFFSET - 1))
		return -EIO;
	return 0;
}

static int field_rights(struct fields *fields, const uint8_t *field,
			size_t bytes)
{
	struct iso_entry *entry = fields->entry;

	if (bytes < FIELD_PX_BYTES)
		return -EIO;
	entry->mode = get_le32(field + 4);
	entry->nlink = get_le32(field + 12);
	entry->uid = get_le32(field + 20);
	entry->gid = get_le32(field + 28);
	return 0;
}

/* One part of a link's target: | flags | bytes | name |. */
static bool append_part(struct fields *fields, const uint8_t *part)
{
	struct iso_entry *entry = fields->entry;
	size_t *length = &entry->target_bytes;
	const void *text = part + 2;
	size_t n = part[1];

	if (part[0] & LINK_ROOT)
		text = "/", n = 1;
	else if (part[0] & LINK_CURRENT)
		text = ".", n = 1;
	else if (part[0] & LINK_PARENT)
		text = "..", n = 2;
	if (*length && !fields->part_continues &&
	    entry->target[*length - 1] != '/' &&
	    !append(entry->target, length, ISO_TARGET_MAX, "/", 1))
		return false;
	fields->part_continues = part[0] & LINK_CONTINUES;
	return append(entry->target, length, ISO_TARGET_MAX, text, n);
}

static int field_link(struct fields *fields, const uint8_t *field,
		      size_t bytes)
{
	size_t at = FIELD_FLAGS_OFFSET + 1;

	while (at + 2 <= bytes) {
		const uint8_t *part = field + at;

		at += 2 + (size_t)part[1];
		if (at > bytes || !append_part(fields, part))
			return -EIO;
	}
	return 0;
}

/* The times that the flags announce follow each other; we want one of them. */
static int field_times(struct fields *fields, const uint8_t *field,
		       size_t bytes)
{
	size_t at = FIELD_FLAGS_OFFSET + 1;
	uint8_t flags;

	if (bytes <= FIELD_FLAGS_OFFSET)
		return -EIO;
	flags = field[FIELD_FLAGS_OFFSET];
	if (flags & TIME_LONG || !(flags & TIME_MODIFY))
		return 0;
	if (flags & TIME_CREATION)
		at += TIME_SHORT_BYTES;
	if (at + TIME_SHORT_BYTES > bytes)
		return -EIO;
	fields->entry->mtime = parse_date(field + at);
	return 0;
}

static int field_continued(struct fields *fields, const uint8_t *field,
			   size_t bytes)
{
	if (bytes < FIELD_CE_BYTES)
		return -EIO;
	fields->more = true;
	fields->more_sector = get_le32(field + 4);
	fields->more_offset = get_le32(field + 12);
	fields->more_bytes = get_le32(field + 20);
	return 0;
}

/* A directory that lay too deep for ISO 9660 was moved; this stands for it. */
static int field_child(struct fields *fields, const uint8_t *field,
		       size_t bytes)
{
	if (bytes < FIELD_CL_BYTES)
		return -EIO;
	fields->entry->child_sector = get_le32(field + 4);
	return 0;
}

static int field_moved(struct fields *fields, const uint8_t *field,
		       size_t bytes)
{
	(void)field;
	(void)bytes;
	fields->entry->special = true;
	return 0;
}

static const struct {
	char letters[3];
	int (*parse)(struct fields *fields, const uint8_t *field, size_t bytes);
} kinds[] = {
	{ "NM", field_name },      { "PX", field_rights },
	{ "SL", field_link },      { "TF", field_times },
	{ "CE", field_continued }, { "CL", field_child },
	{ "RE", field_moved },
};

static int parse_field(struct fields *fields, const uint8_t *field,
		       size_t bytes)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (memcmp(field, kinds[i].letters, 2) == 0)
			return kinds[i].parse(fields, field, bytes);
	return 0;
}

/* Read the fields of one area; fewer bytes than a header has are padding. */
static int parse_area(struct fields *fields, const uint8_t *area, size_t bytes)
{
	size_t at = 0;

	while (at + FIELD_HEADER_BYTES <= bytes) {
		const uint8_t *field = area + at;
		size_t n = field[2];
		int err;

		if (memcmp(field, "ST", 2) == 0 || !field[0])
			return 0;
		if (n < FIELD_HEADER_BYTES || n > bytes - at)
			return -EIO;
		err = parse_field(fields, field, n);
		if (err)
			return err;
		at += n;
	}
	return 0;
}

/* Follow the entry to its other areas, none of which leaves its sector. */
static int parse_more(struct fields *fields, iso_read_fn read, void *arg)
{
	uint8_t area[ISO_SECTOR_BYTES / 4];
	int err = 0;

	for (int i = 0; i < MAX_AREAS && fields->more && !err; i++) {
		size_t n = fields->more_bytes;

		fields->more = false;
		if (n > sizeof(area))
			return -EIO;
		err = read(arg, (uint64_t)fields->more_sector *
					ISO_SECTOR_BYTES + fields->more_offset,
			   area, n);
		if (!err)
			err = parse_area(fields, area, n);
	}
	return fields->more ? -EIO : err;
}

static int parse_rock_ridge(const struct iso_format *format,
			    const uint8_t *record, iso_read_fn read, void *arg,
			    struct iso_entry *entry)
{
	struct fields fields = { .entry = entry };
	size_t at = fields_offset(record) + format->skip;
	int err;

	if (at >= record[0])
		return 0;
	err = parse_area(&fields, record + at, record[0] - at);
	return err ? err : parse_more(&fields, read, arg);
}

int iso_parse_entry(const struct iso_format *format, const uint8_t *sector,
		    size_t offset, iso_read_fn read, void *arg,
		    struct iso_entry *entry)
{
	const uint8_t *record = sector + offset;
	uint8_t flags = record[RECORD_FLAGS_OFFSET];
	int err = 0;

	memset(entry, 0, sizeof(*entry));
	parse_extent(record, entry);
	entry->mode = flags & FLAG_DIRECTORY ? S_IFDIR | 0555 : S_IFREG | 0555;
	entry->nlink = 1;
	entry->mtime = parse_date(record + RECORD_DATE_OFFSET);
	entry->has_parts = flags & FLAG_HAS_PARTS;
	parse_plain_name(record, entry);
	if (format->rock_ridge)
		err = parse_rock_ridge(format, record, read, arg, entry);
	entry->name[entry->name_bytes] = '\0';
	entry->target[entry->target_bytes] = '\0';
	if (!err && !entry->special &&
	    (!entry->name_bytes || strlen(entry->name) != entry->name_bytes ||
	     strchr(entry->name, '/')))
		err = -EIO;
	return err;
}
