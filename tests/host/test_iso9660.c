/*
 * The ISO 9660 parser believes nothing: records, Rock Ridge fields and chains
 * of them are read as they are meant, and a damaged disc is refused without a
 * byte being read or written outside. If it were not, a scratched CD-ROM would
 * crash the machine of whoever looks into it.
 */
// build: tests/host/support/host.c kernel/fs/iso_record.c -Itests/host/support
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <uapi/errno.h>

#include "host.h"
#include "iso_record.h"

#define IMAGE "build/faultline.iso"
#define NR_MUTATED_DISCS 20000
#define MUTATIONS_PER_DISC 8
#define MAX_DEPTH 8
#define MAX_ENTRIES 2000 /* of one walk: a damaged tree may be a ring */
#define NO_RECORD 999

/* ---- a sector built by hand ---- */

static uint8_t sector[ISO_SECTOR_BYTES];
static uint8_t elsewhere[ISO_SECTOR_BYTES]; /* what a CE field points to */
static size_t at; /* end of the record that is being built */

static void begin_record(const char *name, uint8_t flags)
{
	size_t n = strlen(name);

	memset(sector, 0, sizeof(sector));
	sector[2] = 99;        /* sector */
	sector[10] = 0x34;     /* bytes: 0x1234 */
	sector[11] = 0x12;
	memcpy(sector + 18, "\x46\x01\x02\x03\x04\x05\x00", 7);
	sector[25] = flags;
	sector[32] = (uint8_t)n;
	memcpy(sector + 33, name, n);
	at = 33 + n + !(n & 1);
}

static size_t put_field(uint8_t *to, const char *letters, const void *data,
			size_t bytes)
{
	memcpy(to, letters, 2);
	to[2] = (uint8_t)(4 + bytes);
	to[3] = 1;
	memcpy(to + 4, data, bytes);
	return 4 + bytes;
}

static void add_field(const char *letters, const void *data, size_t bytes)
{
	at += put_field(sector + at, letters, data, bytes);
	sector[0] = (uint8_t)at;
}

static int read_elsewhere(void *arg, uint64_t position, void *to, size_t bytes)
{
	(void)arg;
	if (position + bytes > sizeof(elsewhere))
		return -EIO;
	memcpy(to, elsewhere + position, bytes);
	return 0;
}

static struct iso_entry entry;

static int parse(bool rock_ridge)
{
	struct iso_format format = { rock_ridge, 0 };

	sector[0] = sector[0] ? sector[0] : (uint8_t)at;
	if (iso_record_bytes(sector, 0) <= 0)
		return NO_RECORD;
	return iso_parse_entry(&format, sector, 0, read_elsewhere, NULL,
			       &entry);
}

static void plain_record(void)
{
	begin_record("README.TXT;1", 0);
	CHECK_EQ(parse(false), 0);
	CHECK(strcmp(entry.name, "readme.txt") == 0);
	CHECK_EQ(entry.sector, 99);
	CHECK_EQ(entry.bytes, 0x1234);
	CHECK_EQ(entry.mode, S_IFREG | 0555);
	CHECK_EQ(entry.mtime, 97445);
	begin_record("BIN", 2);
	CHECK_EQ(parse(false), 0);
	CHECK_EQ(entry.mode, S_IFDIR | 0555);
	host_report("iso9660_plain_record_is_read");
}

static void rock_ridge_fields(void)
{
	uint8_t rights[32] = { 0xed, 0x81 }; /* 0100755 */

	rights[8] = 3;
	begin_record("LONG.;1", 0);
	add_field("PX", rights, sizeof(rights));
	add_field("NM", "\1a long ", 8);
	add_field("NM", "\0Name.txt", 9);
	CHECK_EQ(parse(true), 0);
	CHECK(strcmp(entry.name, "a long Name.txt") == 0);
	CHECK_EQ(entry.mode, 0100755);
	CHECK_EQ(entry.nlink, 3);
	host_report("iso9660_rock_ridge_name_and_rights");
}

static void symbolic_links(void)
{
	static const struct {
		const char *parts;
		size_t bytes;
		const char *target;
	} links[] = {
		{ "\0\0\3bin", 6, "bin" },
		{ "\0\4\0\0\3bin", 8, "../bin" },
		{ "\0\10\0\0\3usr\0\3bin", 13, "/usr/bin" },
		{ "\0\2\0\0\1x", 6, "./x" },
		{ "\0\1\3one\0\3two", 11, "onetwo" }, /* one part in two */
	};

	for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
		begin_record("LINK.;1", 0);
		add_field("SL", links[i].parts, links[i].bytes);
		CHECK_EQ(parse(true), 0);
		CHECK(strcmp(entry.target, links[i].target) == 0);
	}
	begin_record("LINK.;1", 0);
	add_field("SL", "\0\0\377bin", 6); /* a part longer than its field */
	CHECK_EQ(parse(true), -EIO);
	host_report("iso9660_symbolic_links_are_put_together");
}

static void add_continuation(uint32_t offset, uint32_t bytes)
{
	uint8_t data[24] = { 0 };

	memcpy(data + 8, &offset, 4);
	memcpy(data + 16, &bytes, 4);
	add_field("CE", data, sizeof(data));
}

static void continued_elsewhere(void)
{
	uint8_t loop[24] = { 0 };
	size_t n;

	memset(elsewhere, 0, sizeof(elsewhere));
	n = put_field(elsewhere + 64, "NM", "\0elsewhere", 10);
	begin_record("X.;1", 0);
	add_continuation(64, (uint32_t)n);
	CHECK_EQ(parse(true), 0);
	CHECK(strcmp(entry.name, "elsewhere") == 0);

	loop[16] = 28;
	put_field(elsewhere, "CE", loop, sizeof(loop));
	begin_record("X.;1", 0);
	add_continuation(0, 28);
	CHECK_EQ(parse(true), -EIO); /* an area that points at itself */
	begin_record("X.;1", 0);
	add_continuation(0xfffffff0, 64);
	CHECK_EQ(parse(true), -EIO);
	begin_record("X.;1", 0);
	add_continuation(0, 0xffffffff);
	CHECK_EQ(parse(true), -EIO);
	host_report("iso9660_continuation_is_followed_and_ends");
}

static void bad_lengths(void)
{
	begin_record("NAME.;1", 0);
	sector[0] = 33;
	CHECK_EQ(iso_record_bytes(sector, 0), -EIO);
	begin_record("NAME.;1", 0);
	sector[0] = 40;
	sector[32] = 8;
	CHECK_EQ(iso_record_bytes(sector, 0), -EIO);
	memset(sector, 200, sizeof(sector));
	CHECK_EQ(iso_record_bytes(sector, ISO_SECTOR_BYTES - 199), -EIO);
	CHECK_EQ(iso_record_bytes(sector, ISO_SECTOR_BYTES), 0);

	begin_record("NAME.;1", 0);
	add_field("NM", "\0long", 5);
	sector[0] -= 1; /* the field reaches behind its record */
	CHECK_EQ(parse(true), -EIO);
	begin_record("NAME.;1", 0);
	add_field("PX", "", 0);
	CHECK_EQ(parse(true), -EIO);
	begin_record("NAME.;1", 0);
	add_field("NM", "\0a/b", 4);
	CHECK_EQ(parse(true), -EIO);
	host_report("iso9660_bad_lengths_are_refused");
}

/* ---- a whole disc ---- */

struct disc {
	uint8_t *bytes;
	size_t size;
	size_t nr_entries;
	bool found_program;
};

static int read_disc(void *arg, uint64_t position, void *to, size_t bytes)
{
	const struct disc *disc = arg;

	if (position > disc->size || bytes > disc->size - position)
		return -EIO;
	memcpy(to, disc->bytes + position, bytes);
	return 0;
}

static void walk(struct disc *disc, const struct iso_format *format,
		 uint64_t start, uint64_t bytes, int depth);

static void visit(struct disc *disc, const struct iso_format *format,
		  const struct iso_entry *found, int depth)
{
	char magic[4];

	CHECK(found->name_bytes <= ISO_NAME_MAX);
	CHECK(found->target_bytes <= ISO_TARGET_MAX);
	disc->nr_entries++;
	if (depth == 1 && strcmp(found->name, "hello") == 0 &&
	    found->mode == (S_IFREG | 0555) &&
	    read_disc(disc, (uint64_t)found->sector * ISO_SECTOR_BYTES, magic,
		      sizeof(magic)) == 0 &&
	    memcmp(magic, "\177ELF", sizeof(magic)) == 0)
		disc->found_program = true;
	if (S_ISDIR(found->mode) && depth < MAX_DEPTH)
		walk(disc, format, (uint64_t)found->sector * ISO_SECTOR_BYTES,
		     found->bytes, depth + 1);
}

static void walk(struct disc *disc, const struct iso_format *format,
		 uint64_t start, uint64_t bytes, int depth)
{
	uint8_t here[ISO_SECTOR_BYTES];
	struct iso_entry found;

	for (uint64_t base = 0; base < bytes; base += ISO_SECTOR_BYTES) {
		size_t offset = 0;
		int n;

		if (disc->nr_entries > MAX_ENTRIES ||
		    read_disc(disc, start + base, here, sizeof(here)))
			return;
		while ((n = iso_record_bytes(here, offset)) > 0) {
			if (iso_parse_entry(format, here, offset, read_disc,
					    disc, &found) == 0 &&
			    !found.special)
				visit(disc, format, &found, depth);
			offset += (size_t)n;
		}
	}
}

/* What the kernel does with a disc, and with everything on it. */
static void walk_disc(struct disc *disc)
{
	uint8_t here[ISO_SECTOR_BYTES];
	struct iso_entry root;
	struct iso_format format;

	disc->nr_entries = 0;
	disc->found_program = false;
	if (read_disc(disc, ISO_FIRST_DESCRIPTOR * ISO_SECTOR_BYTES, here,
		      sizeof(here)) ||
	    iso_parse_descriptor(here, &root) != ISO_PRIMARY)
		return;
	if (read_disc(disc, (uint64_t)root.sector * ISO_SECTOR_BYTES, here,
		      sizeof(here)))
		return;
	format = iso_parse_format(here);
	walk(disc, &format, (uint64_t)root.sector * ISO_SECTOR_BYTES,
	     root.bytes, 0);
}

static void load(struct disc *disc)
{
	FILE *file = fopen(IMAGE, "rb");

	CHECK(file != NULL);
	if (!file)
		exit(1);
	fseek(file, 0, SEEK_END);
	disc->size = (size_t)ftell(file);
	rewind(file);
	disc->bytes = malloc(disc->size);
	CHECK_EQ(fread(disc->bytes, 1, disc->size, file), disc->size);
	fclose(file);
}

static void our_own_disc(struct disc *disc)
{
	walk_disc(disc);
	CHECK(disc->nr_entries > 20);
	CHECK(disc->found_program);
	host_report("iso9660_our_own_disc_is_read");
}

/* Directories lie within the first sectors behind the descriptors. */
#define DAMAGE_START (ISO_FIRST_DESCRIPTOR * ISO_SECTOR_BYTES)
#define DAMAGE_BYTES (48 * ISO_SECTOR_BYTES)

static void damaged_discs(struct disc *disc)
{
	uint8_t *saved = malloc(DAMAGE_BYTES);
	size_t most = 0;

	memcpy(saved, disc->bytes + DAMAGE_START, DAMAGE_BYTES);
	for (int i = 0; i < NR_MUTATED_DISCS; i++) {
		for (int j = 0; j < MUTATIONS_PER_DISC; j++)
			disc->bytes[DAMAGE_START + host_below(DAMAGE_BYTES)] =
				(uint8_t)host_random();
		walk_disc(disc);
		if (disc->nr_entries > most)
			most = disc->nr_entries;
		/* Damage adds up for a while: eight bytes alone do little. */
		if (i % 16 == 15)
			memcpy(disc->bytes + DAMAGE_START, saved,
			       DAMAGE_BYTES);
	}
	CHECK(most > 20); /* some of them were still read */
	free(saved);
	host_report("iso9660_damaged_discs_are_survived");
}

int main(void)
{
	struct disc disc;

	host_seed();
	plain_record();
	rock_ridge_fields();
	symbolic_links();
	continued_elsewhere();
	bad_lengths();
	load(&disc);
	our_own_disc(&disc);
	damaged_discs(&disc);
	free(disc.bytes);
	return host_status();
}
