/*
 * The cpio parser believes nothing: it hands over exactly the entries that are
 * whole, and reads no byte outside the archive whatever is in it. If it did, a
 * damaged image would crash the machine at start-up instead of saying so.
 */
// build: tests/host/support/host.c kernel/fs/cpio.c -Itests/host/support
#include <stdlib.h>
#include <string.h>

#include <uapi/errno.h>

#include "cpio.h"
#include "host.h"

#define ARCHIVE_MAX_BYTES 4096
#define ENTRIES_MAX 16
#define NR_MUTATIONS 200000

struct archive {
	size_t bytes;
	char data[ARCHIVE_MAX_BYTES];
};

/* What visit() was called with. */
struct seen {
	size_t nr;
	int stop_at; /* visit() returns 7 for this entry; -1: never */
	struct cpio_entry entry[ENTRIES_MAX];
};

static void pad(struct archive *archive)
{
	while (archive->bytes % 4)
		archive->data[archive->bytes++] = '\0';
}

static void add(struct archive *archive, const char *name, unsigned int mode,
		const char *data)
{
	size_t data_bytes = strlen(data);

	archive->bytes += (size_t)sprintf(
		archive->data + archive->bytes,
		"070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
		7u, mode, 1u, 2u, 3u, 4u, (unsigned int)data_bytes, 5u, 6u, 8u,
		9u, (unsigned int)strlen(name) + 1, 0u);
	memcpy(archive->data + archive->bytes, name, strlen(name) + 1);
	archive->bytes += strlen(name) + 1;
	pad(archive);
	memcpy(archive->data + archive->bytes, data, data_bytes);
	archive->bytes += data_bytes;
	pad(archive);
}

static void add_sample(struct archive *archive)
{
	add(archive, "bin", 040755, "");
	add(archive, "bin/hello", 0100755, "hello, world\n");
	add(archive, "link", 0120777, "bin/hello");
	add(archive, "TRAILER!!!", 0, "");
}

static int visit(const struct cpio_entry *entry, void *arg)
{
	struct seen *seen = arg;

	if (seen->nr < ENTRIES_MAX)
		seen->entry[seen->nr] = *entry;
	return (int)seen->nr++ == seen->stop_at ? 7 : 0;
}

/* Every byte that an entry claims to have: the sanitizer watches. */
static int touch(const struct cpio_entry *entry, void *arg)
{
	uint64_t *sum = arg;

	CHECK(entry->name[entry->name_bytes] == '\0');
	CHECK(strlen(entry->name) == entry->name_bytes);
	for (size_t i = 0; i < entry->data_bytes; i++)
		*sum += entry->data[i];
	return 0;
}

static int parse(const struct archive *archive, struct seen *seen,
		 size_t *offset)
{
	*seen = (struct seen){ .stop_at = -1 };
	return cpio_parse(archive->data, archive->bytes, visit, seen, offset);
}

static void good_archive_is_read_whole(void)
{
	struct archive archive = { 0 };
	struct seen seen;
	size_t offset;

	add_sample(&archive);
	CHECK_EQ(parse(&archive, &seen, &offset), 0);
	CHECK_EQ(offset, archive.bytes);
	CHECK_EQ(seen.nr, 3);
	CHECK(strcmp(seen.entry[1].name, "bin/hello") == 0);
	CHECK_EQ(seen.entry[1].name_bytes, 9);
	CHECK_EQ(seen.entry[1].mode, 0100755);
	CHECK_EQ(seen.entry[1].data_bytes, 13);
	CHECK(memcmp(seen.entry[1].data, "hello, world\n", 13) == 0);
	CHECK_EQ(seen.entry[1].ino, 7);
	CHECK_EQ(seen.entry[1].uid, 1);
	CHECK_EQ(seen.entry[1].gid, 2);
	CHECK_EQ(seen.entry[1].nlink, 3);
	CHECK_EQ(seen.entry[1].mtime, 4);
	CHECK_EQ(seen.entry[1].dev_major, 5);
	CHECK_EQ(seen.entry[1].dev_minor, 6);
	CHECK_EQ(seen.entry[1].rdev_major, 8);
	CHECK_EQ(seen.entry[1].rdev_minor, 9);
	CHECK(memcmp(seen.entry[2].data, "bin/hello", 9) == 0);
	host_report("cpio_good_archive_is_read_whole");
}

/* GNU cpio pads to 512 bytes, and archives may follow each other. */
static void archives_in_a_row_are_read(void)
{
	struct archive archive = { 0 };
	struct seen seen;

	add_sample(&archive);
	archive.bytes = 1024;
	add_sample(&archive);
	archive.bytes = 2048;
	CHECK_EQ(parse(&archive, &seen, NULL), 0);
	CHECK_EQ(seen.nr, 6);
	host_report("cpio_archives_in_a_row_are_read");
}

static void visitor_can_stop(void)
{
	struct archive archive = { 0 };
	struct seen seen = { .stop_at = 1 };

	add_sample(&archive);
	CHECK_EQ(cpio_parse(archive.data, archive.bytes, visit, &seen, NULL),
		 7);
	CHECK_EQ(seen.nr, 2);
	host_report("cpio_visitor_can_stop");
}

/* Cut anywhere, the archive is -EIO and the entries in front are handed over. */
static void cut_archive_keeps_what_is_whole(void)
{
	struct archive whole = { 0 };
	struct seen seen;
	size_t offset, last = 0;

	add_sample(&whole);
	for (size_t n = 0; n + 3 < whole.bytes; n++) {
		char *cut = malloc(n); /* one byte read behind it is an error */
		int err;

		seen = (struct seen){ .stop_at = -1 };
		memcpy(cut, whole.data, n);
		err = cpio_parse(cut, n, visit, &seen, &offset);
		CHECK_EQ(err, -EIO);
		CHECK(offset <= n && seen.nr >= last && seen.nr <= 3);
		last = seen.nr;
		free(cut);
	}
	CHECK_EQ(last, 3);
	host_report("cpio_cut_archive_keeps_what_is_whole");
}

/* Put @digits over a field of the first entry's header. */
static int with_field(int field, const char *digits, struct seen *seen)
{
	struct archive archive = { 0 };

	add_sample(&archive);
	memcpy(archive.data + 6 + field * 8, digits, 8);
	return parse(&archive, seen, NULL);
}

static void lies_in_headers_are_found(void)
{
	struct archive archive = { 0 };
	struct seen seen;

	CHECK_EQ(with_field(6, "FFFFFFFF", &seen), -EIO);     /* file size */
	CHECK_EQ(with_field(11, "FFFFFFFF", &seen), -EINVAL); /* name size */
	CHECK_EQ(with_field(11, "00000000", &seen), -EINVAL);
	CHECK_EQ(with_field(11, "00000001", &seen), -EINVAL);
	CHECK_EQ(with_field(11, "00000003", &seen), -EINVAL); /* no NUL there */
	CHECK_EQ(with_field(1, "0000x1ED", &seen), -EINVAL);
	CHECK_EQ(with_field(1, "0000 1ED", &seen), -EINVAL);
	CHECK_EQ(seen.nr, 0);
	add_sample(&archive);
	archive.data[5] = '7'; /* the old binary format's magic */
	CHECK_EQ(parse(&archive, &seen, NULL), -EINVAL);
	host_report("cpio_lies_in_headers_are_found");
}

static void mutate(char *data, size_t bytes)
{
	size_t at = host_below(bytes);

	switch (host_below(3)) {
	case 0:
		data[at] ^= (char)(1 << host_below(8));
		break;
	case 1:
		data[at] = "0123456789ABCDEFf\0/"[host_below(19)];
		break;
	default:
		data[at] = (char)host_random();
	}
}

/* Damage at random; ASan sees any read outside, touch() any half an entry. */
static void random_damage_stays_inside(void)
{
	struct archive whole = { 0 };

	add_sample(&whole);
	for (int i = 0; i < NR_MUTATIONS; i++) {
		size_t bytes = whole.bytes - host_below(8);
		char *copy = malloc(bytes);
		size_t offset = SIZE_MAX;
		uint64_t sum = 0;
		int err;

		memcpy(copy, whole.data, bytes);
		for (uint64_t n = 1 + host_below(4); n > 0; n--)
			mutate(copy, bytes);
		err = cpio_parse(copy, bytes, touch, &sum, &offset);
		CHECK(err == 0 || err == -EINVAL || err == -EIO);
		CHECK(offset <= bytes);
		free(copy);
	}
	host_report("cpio_random_damage_stays_inside");
}

int main(void)
{
	host_seed();
	good_archive_is_read_whole();
	archives_in_a_row_are_read();
	visitor_can_stop();
	cut_archive_keeps_what_is_whole();
	lies_in_headers_are_found();
	random_damage_stays_inside();
	return host_status();
}
