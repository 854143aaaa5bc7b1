/*
 * The root of all paths, and what is there before any archive is unpacked.
 */
#include "vfs.h"

#include <uapi/errno.h>

#include "dentry.h"
#include "device.h"
#include "namei.h"
#include "panic.h"
#include "printk.h"
#include "proc.h"
#include "string.h"
#include "tmpfs.h"

#define MOUNTS_MAX 8

struct dentry *vfs_root;

static struct dentry *mounts[MOUNTS_MAX]; /* in the order of mounting */
static size_t nr_mounts;

struct dentry *vfs_mount_at(size_t i)
{
	return i < nr_mounts ? mounts[i] : NULL;
}

static int mount_on(struct dentry *at, struct dentry *root)
{
	int err;

	if (!S_ISDIR(at->inode->mode))
		return -ENOTDIR;
	if (at->is_root || at->mounted || nr_mounts == MOUNTS_MAX)
		return -EBUSY;
	err = dentry_mount(at, root);
	if (err)
		return err;
	dentry_get(root);
	mounts[nr_mounts++] = root;
	return 0;
}

int vfs_mount(struct dentry *root, const char *path)
{
	struct dentry *at;
	int err = path_lookup(AT_FDCWD, path, true, &at);

	if (!err) {
		err = mount_on(at, root);
		dentry_put(at);
	}
	dentry_put(root);
	return err;
}

/* ---- what a fresh root contains ---- */

/* Start-up fails here only on a machine far too small to go on with. */
static void must(int err, const char *path)
{
	if (err)
		panic("cannot make %s: error %d", path, -err);
}

static void make_dir(const char *path, uint32_t mode)
{
	must(vfs_mkdir(AT_FDCWD, path, mode), path);
}

static void make_link(const char *target, const char *path)
{
	must(vfs_symlink(target, AT_FDCWD, path), path);
}

static void make_devices(void)
{
	const struct char_device *device;
	char path[32];

	for (size_t i = 0; (device = char_device_at(i)); i++) {
		snprintf(path, sizeof(path), "/dev/%s", device->name);
		must(vfs_mknod(AT_FDCWD, path, S_IFCHR | 0666,
			       makedev(device->major, device->minor)),
		     path);
	}
	make_link("/proc/self/fd", "/dev/fd");
	make_link("/proc/self/fd/0", "/dev/stdin");
	make_link("/proc/self/fd/1", "/dev/stdout");
	make_link("/proc/self/fd/2", "/dev/stderr");
}

static void mount_at(struct dentry *root, const char *path)
{
	must(root ? vfs_mount(root, path) : -ENOMEM, path);
}

void vfs_init(void)
{
	vfs_root = tmpfs_create();
	must(vfs_root ? 0 : -ENOMEM, "/");
	dentry_get(vfs_root);
	mounts[nr_mounts++] = vfs_root;
	make_dir("/dev", 0755);
	make_dir("/dev/shm", 01777);
	make_dir("/proc", 0555);
	make_dir("/sys", 0555);
	make_dir("/tmp", 01777);
	make_devices();
	mount_at(procfs_create(), "/proc");
	mount_at(sysfs_create(), "/sys");
}
