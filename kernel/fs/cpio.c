/*
 * The cpio parser.
 *
 * Every number in a header is the archive's word and may lie, so each is compared
 * with what is left before it is used; sums stay small enough not to overflow
 * because a field has 32 bits and offsets 64.
 */
#include "cpio.h"

#include <uapi/errno.h>

#include "string.h"

#define MAGIC_BYTES 6
#define FIELD_DIGITS 8
#define HEADER_BYTES 110
#define NAME_MAX_WITH_NUL 4096
#define TRAILER "TRAILER!!!"

/* The fields of a header in their order, eight digits each. */
enum field {
	INO,
	MODE,
	UID,
	GID,
	NLINK,
	MTIME,
	FILE_BYTES,
	DEV_MAJOR,
	DEV_MINOR,
	RDEV_MAJOR,
	RDEV_MINOR,
	NAME_BYTES,
	CHECK, /* a sum of all bytes, in the other variant of the format */
	NR_FIELDS,
};

_Static_assert(MAGIC_BYTES + NR_FIELDS * FIELD_DIGITS == HEADER_BYTES,
	       "newc header");

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' - 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int parse_field(const uint8_t *digits, uint32_t *value)
{
	*value = 0;
	for (int i = 0; i < FIELD_DIGITS; i++) {
		int digit = hex_digit(digits[i]);

		if (digit < 0)
			return -EINVAL;
		*value = *value << 4 | (uint32_t)digit;
	}
	return 0;
}

static int parse_header(const uint8_t *header, uint32_t fields[NR_FIELDS])
{
	if (memcmp(header, "070701", MAGIC_BYTES) &&
	    memcmp(header, "070702", MAGIC_BYTES))
		return -EINVAL;
	for (int i = 0; i < NR_FIELDS; i++)
		if (parse_field(header + MAGIC_BYTES + i * FIELD_DIGITS,
				&fields[i]))
			return -EINVAL;
	return 0;
}

static size_t align4(size_t offset)
{
	return (offset + 3) & ~(size_t)3;
}

/* A name ends in its one NUL and is neither empty nor longer than a path. */
static bool name_ok(const char *name, size_t with_nul)
{
	return with_nul > 1 && memchr(name, '\0', with_nul) ==
				       name + with_nul - 1;
}

/*
 * Read the entry at @at, with @left bytes behind it, into @entry. The bytes it
 * takes, padding included, or -EINVAL or -EIO.
 */
static ssize_t parse_entry(const uint8_t *at, size_t left,
			   struct cpio_entry *entry)
{
	uint32_t fields[NR_FIELDS];
	size_t data_at, end;

	if (left < HEADER_BYTES)
		return -EIO;
	if (parse_header(at, fields) || fields[NAME_BYTES] > NAME_MAX_WITH_NUL)
		return -EINVAL;
	data_at = align4(HEADER_BYTES + fields[NAME_BYTES]);
	end = data_at + fields[FILE_BYTES];
	if (end > left)
		return -EIO;
	if (!name_ok((const char *)at + HEADER_BYTES, fields[NAME_BYTES]))
		return -EINVAL;
	*entry = (struct cpio_entry){
		.ino = fields[INO],
		.mode = fields[MODE],
		.uid = fields[UID],
		.gid = fields[GID],
		.nlink = fields[NLINK],
		.mtime = fields[MTIME],
		.dev_major = fields[DEV_MAJOR],
		.dev_minor = fields[DEV_MINOR],
		.rdev_major = fields[RDEV_MAJOR],
		.rdev_minor = fields[RDEV_MINOR],
		.name = (const char *)at + HEADER_BYTES,
		.name_bytes = fields[NAME_BYTES] - 1,
		.data = at + data_at,
		.data_bytes = fields[FILE_BYTES],
	};
	/* The padding of the very last entry may be missing. */
	return (ssize_t)(align4(end) < left ? align4(end) : left);
}

static bool is_trailer(const struct cpio_entry *entry)
{
	return entry->name_bytes == sizeof(TRAILER) - 1 &&
	       memcmp(entry->name, TRAILER, sizeof(TRAILER)) == 0;
}

/* The entries of one archive up to its trailer; *@at is moved behind it. */
static int parse_one(const uint8_t *bytes, size_t end, size_t *at,
		     int (*visit)(const struct cpio_entry *entry, void *arg),
		     void *arg)
{
	struct cpio_entry entry;

	for (;;) {
		ssize_t taken = parse_entry(bytes + *at, end - *at, &entry);
		int stop;

		if (taken < 0)
			return (int)taken;
		if (is_trailer(&entry)) {
			*at += (size_t)taken;
			return 0;
		}
		stop = visit(&entry, arg);
		if (stop)
			return stop;
		*at += (size_t)taken;
	}
}

static size_t skip_zeros(const uint8_t *bytes, size_t end, size_t at)
{
	while (at < end && !bytes[at])
		at++;
	return at;
}

int cpio_parse(const void *archive, size_t bytes,
	       int (*visit)(const struct cpio_entry *entry, void *arg),
	       void *arg, size_t *offset)
{
	size_t at = 0;
	int err;

	do {
		err = parse_one(archive, bytes, &at, visit, arg);
		if (!err)
			at = skip_zeros(archive, bytes, at);
	} while (!err && at < bytes);
	if (offset)
		*offset = at;
	return err;
}
