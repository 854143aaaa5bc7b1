/*
 * Unpacking archives into the root file system.
 *
 * Two sources: the module that GRUB loaded next to the kernel, and an archive
 * that QEMU offers by fw_cfg, so that tests can change the root without a new
 * image. Both are unpacked the same way; the second replaces files of the first.
 */
#include "initramfs.h"

#include <uapi/errno.h>

#include "arch.h"
#include "boot.h"
#include "cpio.h"
#include "dentry.h"
#include "file.h"
#include "frame.h"
#include "fw_cfg.h"
#include "kmalloc.h"
#include "pgtable.h"
#include "printk.h"
#include "string.h"
#include "vfs.h"

#define OVERLAY_NAME "opt/faultline/root"

/*
 * Where the overlay is seen in one piece while it is unpacked: a part of the
 * kernel heap's window that no heap grows into.
 */
#define OVERLAY_WINDOW (KHEAP_BASE + (1UL << 42))

/* A file of several names: only one of its entries carries the contents. */
struct hard_link {
	struct hard_link *next;
	uint32_t ino, dev_major, dev_minor;
	char path[];
};

struct unpack {
	struct hard_link *links;
	size_t nr_failed;
	int first_err;
	char first_failed[64]; /* the start of its name will do */
};

/* ---- one entry ---- */

/* Make the directories above @path, as far as they are missing. */
static int make_parents(const char *path)
{
	size_t bytes = strlen(path) + 1;
	char *copy = kmalloc(bytes);
	int err = 0;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, path, bytes);
	for (char *slash = strchr(copy + 1, '/'); slash && !err;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = vfs_mkdir(AT_FDCWD, copy, 0755);
		if (err == -EEXIST)
			err = 0;
		*slash = '/';
	}
	kfree(copy);
	return err;
}

/* Take away what stands where a new file is to be. */
static int remove_old(const char *path)
{
	int err = vfs_unlink(AT_FDCWD, path);

	if (err == -EISDIR)
		err = vfs_rmdir(AT_FDCWD, path);
	if (err == -ENOENT)
		err = make_parents(path);
	return err;
}

static int unpack_dir(const struct cpio_entry *entry, const char *path)
{
	struct stat stat;
	int err = vfs_mkdir(AT_FDCWD, path, entry->mode);

	if (err == -EEXIST) {
		err = vfs_stat(AT_FDCWD, path, 0, &stat);
		if (!err && S_ISDIR(stat.st_mode))
			return 0;
	}
	if (err) {
		err = remove_old(path);
		if (!err)
			err = vfs_mkdir(AT_FDCWD, path, entry->mode);
	}
	return err;
}

static int write_contents(const struct cpio_entry *entry, const char *path,
			  unsigned int flags)
{
	struct io_buf from = io_buf_kernel(entry->data, entry->data_bytes);
	struct file *file;
	ssize_t written = 0;
	int err = vfs_open(AT_FDCWD, path, O_WRONLY | flags,
			   entry->mode & 07777, &file);

	if (err)
		return err;
	while (written >= 0 && from.bytes)
		written = file_write(file, &from);
	file_put(file);
	return written < 0 ? (int)written : 0;
}

static struct hard_link *find_link(const struct unpack *unpack,
				   const struct cpio_entry *entry)
{
	struct hard_link *link = unpack->links;

	while (link && (link->ino != entry->ino ||
			link->dev_major != entry->dev_major ||
			link->dev_minor != entry->dev_minor))
		link = link->next;
	return link;
}

static int remember_link(struct unpack *unpack, const struct cpio_entry *entry,
			 const char *path)
{
	size_t bytes = strlen(path) + 1;
	struct hard_link *link = kmalloc(sizeof(*link) + bytes);

	if (!link)
		return -ENOMEM;
	link->ino = entry->ino;
	link->dev_major = entry->dev_major;
	link->dev_minor = entry->dev_minor;
	memcpy(link->path, path, bytes);
	link->next = unpack->links;
	unpack->links = link;
	return 0;
}

static int unpack_file(struct unpack *unpack, const struct cpio_entry *entry,
		       const char *path)
{
	struct hard_link *first = NULL;
	int err = remove_old(path);

	if (err)
		return err;
	if (entry->nlink > 1)
		first = find_link(unpack, entry);
	if (first) {
		err = vfs_link(AT_FDCWD, first->path, AT_FDCWD, path, 0);
		if (!err && entry->data_bytes)
			err = write_contents(entry, path, O_TRUNC);
		return err;
	}
	err = write_contents(entry, path, O_CREAT | O_EXCL);
	if (!err && entry->nlink > 1)
		err = remember_link(unpack, entry, path);
	return err;
}

static int unpack_symlink(const struct cpio_entry *entry, const char *path)
{
	char *target;
	int err;

	if (entry->data_bytes >= PATH_MAX_BYTES)
		return -ENAMETOOLONG;
	err = remove_old(path);
	if (err)
		return err;
	target = kmalloc(entry->data_bytes + 1);
	if (!target)
		return -ENOMEM;
	memcpy(target, entry->data, entry->data_bytes);
	target[entry->data_bytes] = '\0';
	err = vfs_symlink(target, AT_FDCWD, path);
	kfree(target);
	return err;
}

static int unpack_node(const struct cpio_entry *entry, const char *path)
{
	int err = remove_old(path);

	if (err)
		return err;
	return vfs_mknod(AT_FDCWD, path, entry->mode,
			 makedev(entry->rdev_major, entry->rdev_minor));
}

static int unpack_entry(struct unpack *unpack, const struct cpio_entry *entry,
			const char *path)
{
	const int64_t mtime_ns = (int64_t)entry->mtime * 1000000000;
	int err;

	switch (entry->mode & S_IFMT) {
	case S_IFDIR:
		err = unpack_dir(entry, path);
		break;
	case S_IFREG:
		err = unpack_file(unpack, entry, path);
		break;
	case S_IFLNK:
		err = unpack_symlink(entry, path);
		break;
	default:
		err = unpack_node(entry, path);
	}
	if (!err)
		err = vfs_chown(AT_FDCWD, path, entry->uid, entry->gid,
				AT_SYMLINK_NOFOLLOW);
	if (!err && !S_ISLNK(entry->mode))
		err = vfs_chmod(AT_FDCWD, path, entry->mode);
	if (!err)
		err = vfs_utimes(AT_FDCWD, path, -1, mtime_ns,
				 AT_SYMLINK_NOFOLLOW);
	return err;
}

/* "./bin/ls", "/bin/ls" and "bin/ls" are the same; "" is the root itself. */
static const char *strip_start(const char *path)
{
	for (;;) {
		if (path[0] == '/')
			path++;
		else if (path[0] == '.' && (path[1] == '/' || !path[1]))
			path++;
		else
			return path;
	}
}

/* An entry that fails is noted, and the next one has its chance. */
static int visit(const struct cpio_entry *entry, void *arg)
{
	const char *path = strip_start(entry->name);
	struct unpack *unpack = arg;
	int err;

	if (!*path)
		return 0;
	err = unpack_entry(unpack, entry, path);
	if (err && !unpack->nr_failed++) {
		unpack->first_err = err;
		strlcpy(unpack->first_failed, path,
			sizeof(unpack->first_failed));
	}
	return 0;
}

/* ---- one archive ---- */

static void free_links(struct hard_link *link)
{
	while (link) {
		struct hard_link *next = link->next;

		kfree(link);
		link = next;
	}
}

void initramfs_unpack(const char *what, const void *archive, size_t bytes)
{
	struct unpack unpack = { .links = NULL };
	size_t offset;
	int err = cpio_parse(archive, bytes, visit, &unpack, &offset);

	free_links(unpack.links);
	if (err)
		printk("%s: broken at byte %lu of %lu, the rest is ignored\n",
		       what, offset, bytes);
	if (unpack.nr_failed)
		printk("%s: %lu files not unpacked, the first: %s (error %d)\n",
		       what, unpack.nr_failed, unpack.first_failed,
		       -unpack.first_err);
}

/* ---- the two sources ---- */

static void unpack_module(void)
{
	paddr_t start = boot_info.initramfs_start;
	paddr_t end = boot_info.initramfs_end;

	if (start == end) {
		printk("initramfs: the boot loader gave none\n");
		return;
	}
	initramfs_unpack("initramfs", phys_to_virt(start), end - start);
	frame_release_early(page_align_down(start), page_align_up(end));
}

static void unmap_overlay(size_t pages)
{
	while (pages-- > 0)
		frame_put(kernel_unmap_page(OVERLAY_WINDOW +
					    (pages << PAGE_SHIFT)));
}

/* The pages that could be mapped, each filled; fewer when memory ran out. */
static size_t map_overlay(const struct fw_cfg_file *file)
{
	size_t offset;

	for (offset = 0; offset < file->size; offset += PAGE_SIZE) {
		struct frame *frame = frame_alloc(0, FRAME_INITRD);
		size_t left = file->size - offset;

		if (!frame)
			break;
		if (kernel_map_page(OVERLAY_WINDOW + offset, frame)) {
			frame_put(frame);
			break;
		}
		fw_cfg_read(file, offset, frame_to_virt(frame),
			    left < PAGE_SIZE ? left : PAGE_SIZE);
	}
	return offset >> PAGE_SHIFT;
}

static void unpack_overlay(void)
{
	struct fw_cfg_file file;
	size_t pages;

	if (fw_cfg_find(OVERLAY_NAME, &file) || !file.size)
		return;
	pages = map_overlay(&file);
	if (pages == page_align_up(file.size) >> PAGE_SHIFT)
		initramfs_unpack("overlay", (void *)OVERLAY_WINDOW, file.size);
	else
		printk("overlay: no memory for its %u bytes\n", file.size);
	unmap_overlay(pages);
}

void initramfs_init(void)
{
	unpack_module();
	unpack_overlay();
}
