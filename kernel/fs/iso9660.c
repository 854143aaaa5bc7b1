/*
 * The file system of CD-ROMs: ISO 9660 with Rock Ridge, read-only.
 *
 * A disc is a row of sectors. Directories are files of records, and each record
 * says where a file lies, in one piece. What a record means is iso_record.c's
 * business; here records become inodes.
 *
 *	file contents             the file's own pages in the page cache
 *	directories, descriptors  pages of the whole disc, volume.disc
 *
 * The disc is first read when somebody looks into /cdrom, so a machine that does
 * not use it boots as fast as one without. Inodes stay, with their cached pages,
 * when nobody has the file open any more: volume.buckets holds a reference to
 * each until drop_caches asks for it.
 */
#include "iso9660.h"

#include <uapi/errno.h>
#include <uapi/fcntl.h>

#include "arch.h"
#include "block.h"
#include "dentry.h"
#include "file.h"
#include "iso_record.h"
#include "kmalloc.h"
#include "page_cache.h"
#include "printk.h"
#include "readdir.h"
#include "string.h"
#include "timer.h"
#include "vfs.h"

#define ISO9660_MAGIC 0x9660
#define MOUNT_POINT "/cdrom"
#define DEVICE_NAME "sr0"

#define SECTORS_PER_PAGE (PAGE_SIZE / ISO_SECTOR_BYTES)
#define MAX_DESCRIPTORS 32
#define NR_BUCKETS 64

static struct filesystem iso9660 = {
	.name = "iso9660",
	.magic = ISO9660_MAGIC,
	.dev = 3,
	.read_only = true,
};

static struct {
	struct block_device *device;
	struct inode *disc;          /* the device's contents */
	struct inode *root;
	struct mutex lock;           /* rank 2 */
	bool loaded;                 /* lock */
	struct iso_format format;    /* lock; constant once loaded */
	struct inode *buckets[NR_BUCKETS]; /* lock: linked by fs_next */
} volume;

static const struct inode_ops iso_inode_ops;
static const struct file_ops iso_file_ops;
static const struct file_ops iso_dir_ops;

/* ---- the disc ---- */

/*
 * The last page may be longer than the file, and then than the disc. A file that
 * is longer than the disc is one that was not copied as a whole.
 */
static int iso_read_pages(struct inode *inode, uint64_t index,
			  struct frame *const *frames, size_t nr)
{
	uint64_t sector = inode->disk_sector + index * SECTORS_PER_PAGE;
	uint64_t bytes = (uint64_t)inode->size - (index << PAGE_SHIFT);

	if (bytes > nr << PAGE_SHIFT)
		bytes = nr << PAGE_SHIFT;
	if (sector + (bytes + ISO_SECTOR_BYTES - 1) / ISO_SECTOR_BYTES >
	    volume.device->nr_sectors)
		return -EIO;
	return block_read(volume.device, sector, frames, nr);
}

/* iso_read_fn */
static int read_disc(void *arg, uint64_t position, void *to, size_t bytes)
{
	int err;

	(void)arg;
	err = page_cache_copy(volume.disc, position, to, bytes);
	return err == -ENXIO ? -EIO : err; /* a pointer behind the end */
}

/* ---- walking a directory ---- */

/* On the heap: too large for a kernel stack. */
struct scan {
	uint64_t start, bytes;  /* of the directory, on the disc */
	uint64_t offset;        /* of the next record in it */
	uint64_t loaded;        /* 1 + offset of what sector holds; 0: nothing */
	uint64_t ino;           /* where the entry's record lies */
	struct iso_entry entry;
	uint8_t sector[ISO_SECTOR_BYTES];
};

static struct scan *scan_begin(const struct inode *dir, uint64_t offset)
{
	struct scan *scan = kmalloc(sizeof(*scan));

	if (!scan)
		return NULL;
	scan->start = dir->disk_sector * ISO_SECTOR_BYTES;
	scan->bytes = (uint64_t)dir->size;
	scan->offset = offset;
	scan->loaded = 0;
	return scan;
}

static int load_sector(struct scan *scan)
{
	uint64_t at = scan->offset & ~(uint64_t)(ISO_SECTOR_BYTES - 1);
	int err;

	if (scan->loaded == at + 1)
		return 0;
	err = read_disc(NULL, scan->start + at, scan->sector,
			ISO_SECTOR_BYTES);
	scan->loaded = err ? 0 : at + 1;
	return err;
}

/* Read the next record into scan->entry. 1, 0: there is none, or an error. */
static int scan_record(struct scan *scan)
{
	while (scan->offset < scan->bytes) {
		size_t at = scan->offset % ISO_SECTOR_BYTES;
		int bytes = load_sector(scan), err;

		if (!bytes)
			bytes = iso_record_bytes(scan->sector, at);
		if (bytes < 0)
			return bytes;
		if (!bytes) { /* records do not cross sectors: skip the rest */
			scan->offset += ISO_SECTOR_BYTES - at;
			continue;
		}
		scan->ino = scan->start + scan->offset;
		scan->offset += (uint64_t)bytes;
		err = iso_parse_entry(&volume.format, scan->sector, at,
				      read_disc, NULL, &scan->entry);
		return err ? err : 1;
	}
	return 0;
}

/* The same without ".", ".." and what lies elsewhere really. */
static int scan_next(struct scan *scan)
{
	int found;

	do {
		found = scan_record(scan);
	} while (found == 1 && scan->entry.special);
	return found;
}

/* ---- inodes ---- */

static const struct file_ops *ops_for(uint32_t mode)
{
	if (S_ISREG(mode))
		return &iso_file_ops;
	return S_ISDIR(mode) ? &iso_dir_ops : &no_file_ops;
}

/*
 * A directory that Rock Ridge has moved: its own first record, ".", knows its
 * size.
 */
static int find_moved(struct iso_entry *entry)
{
	uint8_t sector[ISO_SECTOR_BYTES / 8];
	uint64_t at = (uint64_t)entry->child_sector * ISO_SECTOR_BYTES;
	int err = read_disc(NULL, at, sector, sizeof(sector));

	if (err)
		return err;
	entry->sector = entry->child_sector;
	entry->bytes = sector[10] | (uint32_t)sector[11] << 8 |
		       (uint32_t)sector[12] << 16 | (uint32_t)sector[13] << 24;
	entry->mode = S_IFDIR | (entry->mode & 07777);
	return 0;
}

static int set_link(struct inode *inode, const struct iso_entry *entry)
{
	inode->link = kmalloc(entry->target_bytes + 1);
	if (!inode->link)
		return -ENOMEM;
	memcpy(inode->link, entry->target, entry->target_bytes + 1);
	inode->size = (loff_t)entry->target_bytes;
	return 0;
}

/* A new inode for @entry, or NULL: no memory. */
static struct inode *make_inode(const struct iso_entry *entry, uint64_t ino)
{
	struct inode *inode = inode_create(&iso9660, entry->mode,
					   &iso_inode_ops,
					   ops_for(entry->mode));

	if (!inode)
		return NULL;
	inode->ino = ino;
	inode->nlink = entry->nlink;
	inode->uid = entry->uid;
	inode->gid = entry->gid;
	inode->disk_sector = entry->sector;
	inode->size = (loff_t)entry->bytes;
	inode->nr_frames = page_align_up(entry->bytes) >> PAGE_SHIFT;
	inode->atime_ns = inode->mtime_ns = inode->ctime_ns =
		entry->mtime > 0 ? (uint64_t)entry->mtime * NSEC_PER_SEC : 0;
	if (S_ISLNK(entry->mode) && set_link(inode, entry)) {
		inode_put(inode);
		return NULL;
	}
	return inode;
}

static struct inode **bucket_of(uint64_t ino)
{
	return &volume.buckets[ino / 32 % NR_BUCKETS]; /* a record: 34 bytes */
}

/* The inode of @entry, from the list or new, with a reference. */
static int get_inode_locked(struct iso_entry *entry, uint64_t ino,
			    struct inode **out)
{
	struct inode **bucket = bucket_of(ino);
	struct inode *inode = *bucket;
	int err;

	while (inode && inode->ino != ino)
		inode = inode->fs_next;
	if (!inode) {
		if (entry->has_parts)
			return -EFBIG;
		err = entry->child_sector ? find_moved(entry) : 0;
		if (err)
			return err;
		inode = make_inode(entry, ino);
		if (!inode)
			return -ENOMEM;
		inode->fs_next = *bucket;
		*bucket = inode;
	}
	inode_get(inode);
	*out = inode;
	return 0;
}

static void iso_destroy(struct inode *inode)
{
	if (S_ISREG(inode->mode))
		page_cache_destroy(inode);
	else if (S_ISLNK(inode->mode))
		kfree(inode->link);
}

/*
 * A reference that is the list's only cannot become another one while
 * volume.lock is held, so such an inode is nobody's.
 */
void iso9660_drop_inodes(void)
{
	mutex_lock(&volume.lock);
	for (size_t i = 0; i < NR_BUCKETS; i++) {
		struct inode **link = &volume.buckets[i];

		while (*link) {
			struct inode *inode = *link;

			if (__atomic_load_n(&inode->refs,
					    __ATOMIC_ACQUIRE) > 1) {
				link = &inode->fs_next;
				continue;
			}
			*link = inode->fs_next;
			inode_put(inode);
		}
	}
	mutex_unlock(&volume.lock);
}

/* ---- the first look ---- */

/* The primary volume descriptor names the root directory. */
static int find_root(struct scan *scan)
{
	for (uint64_t i = 0; i < MAX_DESCRIPTORS; i++) {
		int err = read_disc(NULL,
				    (ISO_FIRST_DESCRIPTOR + i) *
					    ISO_SECTOR_BYTES,
				    scan->sector, ISO_SECTOR_BYTES);

		if (err)
			return err;
		switch (iso_parse_descriptor(scan->sector, &scan->entry)) {
		case ISO_PRIMARY:
			return 0;
		case ISO_OTHER:
			continue;
		case ISO_NOT_A_DISC:
		case ISO_END:
			return -EIO;
		}
	}
	return -EIO;
}

static int load_with(struct scan *scan)
{
	int err = block_start(volume.device);

	if (err)
		return err;
	volume.disc->size = (loff_t)(volume.device->nr_sectors *
				     ISO_SECTOR_BYTES);
	err = find_root(scan);
	if (err)
		return err;
	volume.root->disk_sector = scan->entry.sector;
	volume.root->size = (loff_t)scan->entry.bytes;
	err = read_disc(NULL, volume.root->disk_sector * ISO_SECTOR_BYTES,
			scan->sector, ISO_SECTOR_BYTES);
	if (err)
		return err;
	volume.format = iso_parse_format(scan->sector);
	iso9660.max_frames = (uint64_t)volume.disc->size >> PAGE_SHIFT;
	iso9660.nr_frames = iso9660.max_frames;
	return 0;
}

/* Read what is needed before any name can be. Caller holds volume.lock. */
static int load_locked(void)
{
	struct scan *scan;
	int err;

	if (volume.loaded)
		return 0;
	scan = scan_begin(volume.root, 0);
	if (!scan)
		return -ENOMEM;
	err = load_with(scan);
	kfree(scan);
	volume.loaded = !err;
	if (err)
		printk("iso9660: cannot read the disc in %s: error %d\n",
		       volume.device->name, -err);
	return err;
}

/* ---- directories ---- */

static int find_entry(struct scan *scan, const char *name, size_t length)
{
	int found;

	do {
		found = scan_next(scan);
	} while (found == 1 && (scan->entry.name_bytes != length ||
				memcmp(scan->entry.name, name, length)));
	if (found == 1)
		return 0;
	return found ? found : -ENOENT;
}

static int lookup_locked(const struct inode *dir, const char *name,
			 size_t length, struct inode **inode)
{
	struct scan *scan;
	int err = load_locked();

	if (err)
		return err;
	scan = scan_begin(dir, 0);
	if (!scan)
		return -ENOMEM;
	err = find_entry(scan, name, length);
	if (!err)
		err = get_inode_locked(&scan->entry, scan->ino, inode);
	kfree(scan);
	return err;
}

static int iso_lookup(struct dentry *dir, const char *name, size_t length,
		      struct inode **inode)
{
	int err;

	mutex_lock(&volume.lock);
	err = lookup_locked(dir->inode, name, length, inode);
	mutex_unlock(&volume.lock);
	return err;
}

static const char *iso_get_link(struct inode *inode, char **made)
{
	(void)made;
	return inode->link;
}

/* A directory's position, behind the dots, is the offset of the next record. */
static int emit_entries(struct file *file, struct dir_buf *dir,
			struct scan *scan)
{
	int found;

	while ((found = scan_next(scan)) == 1) {
		loff_t next = (loff_t)scan->offset + DIR_POS_FIRST;

		if (!dir_emit(dir, scan->entry.name, scan->entry.name_bytes,
			      scan->ino, scan->entry.mode, next))
			return dir->err;
		file->pos = next;
	}
	return found;
}

static int iso_readdir(struct file *file, struct dir_buf *dir)
{
	struct scan *scan;
	int err;

	mutex_lock(&volume.lock);
	err = load_locked();
	mutex_unlock(&volume.lock);
	if (err)
		return err;
	if (!dir_emit_dots(file, dir))
		return dir->err;
	scan = scan_begin(file->inode, (uint64_t)(file->pos - DIR_POS_FIRST));
	if (!scan)
		return -ENOMEM;
	err = emit_entries(file, dir, scan);
	kfree(scan);
	return err;
}

static const struct inode_ops iso_inode_ops = {
	.lookup = iso_lookup,
	.get_link = iso_get_link,
	.read_pages = iso_read_pages,
	.destroy = iso_destroy,
};

static const struct file_ops iso_file_ops = {
	.read = page_cache_read,
	.lseek = generic_lseek,
	.get_frame = page_cache_get_frame,
};

static const struct file_ops iso_dir_ops = {
	.readdir = iso_readdir,
	.lseek = dir_lseek,
};

/* ---- mounting ---- */

void iso9660_init(void)
{
	struct dentry *root;

	mutex_init(&volume.lock, RANK_VOLUME);
	volume.device = block_find(DEVICE_NAME);
	if (!volume.device)
		return;
	volume.disc = inode_create(&iso9660, S_IFREG | 0444, &iso_inode_ops,
				   &iso_file_ops);
	volume.root = inode_create(&iso9660, S_IFDIR | 0555, &iso_inode_ops,
				   &iso_dir_ops);
	if (!volume.disc || !volume.root)
		return;
	root = dentry_create_root(volume.root);
	if (!root)
		return;
	if (vfs_mkdir(AT_FDCWD, MOUNT_POINT, 0555) ||
	    vfs_mount(root, MOUNT_POINT))
		printk("iso9660: cannot mount %s\n", MOUNT_POINT);
}
