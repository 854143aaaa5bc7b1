/*
 * tmpfs: a file system whose contents are frames and whose names are dentries.
 *
 * A regular file is a page tree of frames; a page without a frame reads as zeros
 * (sparse files cost only what was written). The same frames serve read(2),
 * write(2) and mappings, so all of them see one content.
 *
 * No copy happens under inode->lock, because user memory may fault and a fault
 * of a mapped file takes that lock. A reference keeps the frame meanwhile.
 */
#include "tmpfs.h"

#include <uapi/errno.h>
#include <uapi/statfs.h>

#include "dentry.h"
#include "file.h"
#include "frame.h"
#include "kmalloc.h"
#include "overcommit.h"
#include "readdir.h"
#include "reclaim.h"
#include "seals.h"
#include "string.h"
#include "timer.h"
#include "tmpfs_size.h"
#include "tmpfs_swap.h"
#include "vfs.h"

static struct filesystem tmpfs = {
	.name = "tmpfs",
	.magic = TMPFS_MAGIC,
	.dev = 1,
};

static const struct file_ops tmpfs_dir_ops;
static const struct inode_ops tmpfs_inode_ops;

/* ---- frames ---- */

static bool charge_frame(void)
{
	if (__atomic_add_fetch(&tmpfs.nr_frames, 1, __ATOMIC_RELAXED) <=
	    tmpfs.max_frames)
		return true;
	__atomic_sub_fetch(&tmpfs.nr_frames, 1, __ATOMIC_RELAXED);
	return false;
}

static void uncharge_frame(void)
{
	__atomic_sub_fetch(&tmpfs.nr_frames, 1, __ATOMIC_RELAXED);
}

/*
 * A frame that counts against the limit, contents undefined. @may_wait: inode->lock
 * is not held.
 */
static int new_frame(struct frame **frame, bool may_wait)
{
	if (!charge_frame())
		return -ENOSPC;
	*frame = may_wait ? frame_alloc_waiting(FRAME_FILE)
			  : frame_alloc(0, FRAME_FILE);
	if (*frame)
		return 0;
	uncharge_frame();
	return -ENOMEM;
}

/*
 * A page of a file is a promise like one of private memory, and counts from when
 * it is there; unless all of the file was promised when it was made.
 */
static void count_promise(const struct inode *inode, int64_t pages)
{
	if (!inode->nr_reserved)
		overcommit_count(pages);
}

static bool may_promise(const struct inode *inode)
{
	return inode->nr_reserved || overcommit_allows(1, 0);
}

bool tmpfs_drop_frame(struct frame *frame, void *arg)
{
	struct inode *inode = arg;

	inode->nr_frames--;
	uncharge_frame();
	count_promise(inode, -1);
	if (page_tree_is_swap(frame)) {
		tmpfs_forget_swapped(inode, page_tree_swap(frame));
		return true;
	}
	tmpfs_frame_leaves(frame);
	frame_put(frame);
	return true;
}

/* The tree takes over the caller's reference. Caller holds inode->lock. */
static int insert_locked(struct inode *inode, uint64_t index,
			 struct frame *frame)
{
	int err;

	if (!may_promise(inode))
		return -ENOSPC;
	err = page_tree_insert(&inode->pages, index, frame);
	if (err)
		return err;
	count_promise(inode, 1);
	frame->owner = inode;
	frame->index = index;
	inode->nr_frames++;
	tmpfs_frame_enters(frame);
	return 0;
}

/*
 * The frame of a page, which is noted as used, or NULL: a hole. One that is out is
 * brought back first. 0, -ENOMEM, -EIO. Caller holds inode->lock.
 */
static int find_locked(struct inode *inode, uint64_t index,
		       struct frame **frame, bool *from_disk)
{
	int err = 0;

	*frame = page_tree_find(&inode->pages, index);
	if (unlikely(page_tree_is_swap(*frame)))
		err = tmpfs_bring_back_locked(inode, index,
					      page_tree_swap(*frame), frame,
					      from_disk);
	if (!err && *frame)
		frame_flag_set(*frame, FRAME_FLAG_REFERENCED);
	return err;
}

int tmpfs_find_frame(struct inode *inode, uint64_t index, struct frame **frame)
{
	bool from_disk;
	int err;

	do {
		mutex_lock(&inode->lock);
		err = find_locked(inode, index, frame, &from_disk);
		if (!err && *frame)
			frame_get(*frame);
		mutex_unlock(&inode->lock);
	} while (unlikely(err == -ENOMEM) && reclaim_frames());
	return err;
}

int tmpfs_fill_hole_locked(struct inode *inode, uint64_t index,
			   struct frame **out)
{
	struct frame *frame;
	int err = new_frame(&frame, false);

	if (err)
		return err;
	page_zero(frame_to_virt(frame));
	err = insert_locked(inode, index, frame);
	if (err) {
		frame_put(frame);
		uncharge_frame();
		return err;
	}
	*out = frame;
	return 0;
}

/* What fallocate() had only reserved is contents from now on. */
static void note_use(struct frame *frame)
{
	if (unlikely(frame_flag_test(frame, FRAME_FLAG_RESERVED)))
		frame_flag_clear(frame, FRAME_FLAG_RESERVED);
}

static int tmpfs_get_frame(struct file *file, uint64_t index,
			   struct frame **frame, bool *from_disk)
{
	struct inode *inode = file->inode;
	int err = 0;

	*from_disk = false;
	mutex_lock(&inode->lock);
	if (unlikely(index >= page_align_up((uint64_t)inode->size) >>
				      PAGE_SHIFT)) {
		err = -ENXIO;
		goto out;
	}
	err = find_locked(inode, index, frame, from_disk);
	if (unlikely(!err && !*frame)) {
		err = tmpfs_fill_hole_locked(inode, index, frame);
		if (err == -ENOSPC) /* a touch of memory has no better word */
			err = -ENXIO;
	}
	if (!err) {
		note_use(*frame);
		frame_get(*frame);
	}
out:
	mutex_unlock(&inode->lock);
	return err;
}

/* ---- read ---- */

static size_t page_share(loff_t pos, size_t n)
{
	size_t room = PAGE_SIZE - ((uint64_t)pos & (PAGE_SIZE - 1));

	return n < room ? n : room;
}

static char *byte_at(struct frame *frame, loff_t pos)
{
	return (char *)frame_to_virt(frame) + ((uint64_t)pos & (PAGE_SIZE - 1));
}

/* Bytes copied of the @n, which lie in one page, or an error. */
static ssize_t read_page(struct inode *inode, struct io_buf *to, loff_t pos,
			 size_t n)
{
	struct frame *frame;
	size_t copied;
	int err;

	err = tmpfs_find_frame(inode, (uint64_t)pos >> PAGE_SHIFT, &frame);
	if (err)
		return err;
	if (!frame)
		return (ssize_t)io_put_zeros(to, n);
	copied = io_put(to, byte_at(frame, pos), n);
	frame_put(frame);
	return (ssize_t)copied;
}

static ssize_t tmpfs_read(struct file *file, struct io_buf *to, loff_t *pos)
{
	struct inode *inode = file->inode;
	loff_t start = *pos;
	loff_t size = inode->size;
	size_t left = to->bytes;

	if (*pos >= size)
		return 0;
	if (left > (uint64_t)(size - *pos))
		left = (size_t)(size - *pos);
	while (left) {
		size_t n = page_share(*pos, left);
		ssize_t copied = read_page(inode, to, *pos, n);

		if (copied < 0)
			return *pos > start ? *pos - start : copied;
		*pos += copied;
		left -= (size_t)copied;
		if ((size_t)copied < n)
			return *pos > start ? *pos - start : -EFAULT;
	}
	return *pos - start;
}

/* ---- write ---- */

/*
 * Fill a hole with the data of a write. The frame joins the file only when no
 * byte of its last owner is left in it; should a fault have filled the hole
 * meanwhile, the data is copied once more.
 */
static ssize_t write_hole(struct inode *inode, struct io_buf *from, loff_t pos,
			  size_t n)
{
	uint64_t index = (uint64_t)pos >> PAGE_SHIFT;
	struct frame *frame, *other;
	bool from_disk;
	size_t copied, before = (uint64_t)pos & (PAGE_SIZE - 1);
	int err = new_frame(&frame, true);

	if (err)
		return err;
	copied = io_get(byte_at(frame, pos), from, n);
	if (!copied) {
		err = -EFAULT;
		goto drop;
	}
	memset(frame_to_virt(frame), 0, before);
	memset(byte_at(frame, pos) + copied, 0, PAGE_SIZE - before - copied);
	mutex_lock(&inode->lock);
	err = find_locked(inode, index, &other, &from_disk);
	if (!err && !other)
		err = insert_locked(inode, index, frame);
	else if (!err)
		memcpy(byte_at(other, pos), byte_at(frame, pos), copied);
	mutex_unlock(&inode->lock);
	if (!other && !err)
		return (ssize_t)copied;
drop:
	frame_put(frame);
	uncharge_frame();
	return err ? err : (ssize_t)copied;
}

static ssize_t write_page(struct inode *inode, struct io_buf *from, loff_t pos,
			  size_t n)
{
	struct frame *frame;
	size_t copied;
	int err;

	err = tmpfs_find_frame(inode, (uint64_t)pos >> PAGE_SHIFT, &frame);
	if (err)
		return err;
	if (!frame)
		return write_hole(inode, from, pos, n);
	copied = io_get(byte_at(frame, pos), from, n);
	if (copied)
		note_use(frame);
	frame_put(frame);
	return copied ? (ssize_t)copied : -EFAULT;
}

static void extend(struct inode *inode, loff_t size)
{
	mutex_lock(&inode->lock);
	if (size > inode->size)
		inode->size = size;
	mutex_unlock(&inode->lock);
}

/* Caller holds inode->io_lock, so the end of the file is only ours to move. */
static ssize_t write_locked(struct inode *inode, struct io_buf *from,
			    loff_t *pos, size_t left)
{
	loff_t start = *pos;
	ssize_t copied = 0;

	if (left > (uint64_t)(INT64_MAX - *pos))
		return -EFBIG;
	while (left) {
		size_t n = page_share(*pos, left);

		if (is_sealed(inode, F_SEAL_GROW) &&
		    *pos + (loff_t)n > inode->size) {
			copied = -EPERM;
			break;
		}
		copied = write_page(inode, from, *pos, n);
		if (copied < 0)
			break;
		*pos += copied;
		left -= (size_t)copied;
		if ((size_t)copied < n)
			break;
	}
	if (*pos == start)
		return copied;
	extend(inode, *pos);
	inode->mtime_ns = inode->ctime_ns = ktime_real_ns();
	return *pos - start;
}

static ssize_t tmpfs_write(struct file *file, struct io_buf *from, loff_t *pos)
{
	struct inode *inode = file->inode;
	ssize_t result;

	mutex_lock(&inode->io_lock);
	if (file->flags & O_APPEND)
		*pos = inode->size;
	result = is_sealed(inode, SEALS_WRITE)
			 ? -EPERM
			 : file_size_allowed(*pos, from->bytes);
	if (result >= 0)
		result = write_locked(inode, from, pos, (size_t)result);
	mutex_unlock(&inode->io_lock);
	return result;
}

/* ---- inodes ---- */

static const struct file_ops *ops_for(uint32_t mode)
{
	if (S_ISREG(mode))
		return &tmpfs_file_ops;
	return S_ISDIR(mode) ? &tmpfs_dir_ops : &no_file_ops;
}

static int tmpfs_create_inode(struct inode *dir, uint32_t mode, uint64_t rdev,
			      struct inode **out)
{
	struct inode *inode = inode_create(dir->fs, mode, &tmpfs_inode_ops,
					   ops_for(mode));

	if (!inode)
		return -ENOMEM;
	inode->rdev = rdev;
	inode->seals = F_SEAL_SEAL; /* memfd_create() may think otherwise */
	*out = inode;
	return 0;
}

static const char *tmpfs_get_link(struct inode *inode, char **made)
{
	(void)made;
	return inode->link;
}

static void tmpfs_destroy(struct inode *inode)
{
	overcommit_count(-(int64_t)inode->nr_reserved);
	if (S_ISREG(inode->mode))
		page_tree_cut(&inode->pages, 0, PAGE_TREE_END,
			      tmpfs_drop_frame, inode);
	else if (S_ISLNK(inode->mode))
		kfree(inode->link);
}

static const struct inode_ops tmpfs_inode_ops = {
	.create = tmpfs_create_inode,
	.truncate = tmpfs_truncate,
	.allocate = tmpfs_allocate,
	.punch_hole = tmpfs_punch_hole,
	.get_link = tmpfs_get_link,
	.destroy = tmpfs_destroy,
};

const struct file_ops tmpfs_file_ops = {
	.read = tmpfs_read,
	.write = tmpfs_write,
	.lseek = tmpfs_lseek,
	.get_frame = tmpfs_get_frame,
};

static const struct file_ops tmpfs_dir_ops = {
	.readdir = dentry_readdir,
	.lseek = dir_lseek,
};

/* ---- public ---- */

/* Half of RAM, as Linux's tmpfs: files cannot starve programs completely. */
struct dentry *tmpfs_create(void)
{
	struct inode *inode = inode_create(&tmpfs, S_IFDIR | 0755,
					   &tmpfs_inode_ops, &tmpfs_dir_ops);
	struct dentry *root;

	if (!inode)
		return NULL;
	tmpfs.max_frames = ledger.total / 2;
	root = dentry_create_root(inode);
	if (!root)
		inode_put(inode);
	return root;
}

/* A dentry that was never linked: its path ends in " (deleted)". */
static struct dentry *unnamed_dentry(const char *name)
{
	struct dentry *dentry;
	struct inode *inode;

	if (tmpfs_create_inode(vfs_root->inode, S_IFREG | 0777, 0, &inode))
		return NULL;
	dentry = dentry_create(name, strlen(name), inode);
	if (!dentry) {
		inode_put(inode);
		return NULL;
	}
	dentry_get(vfs_root);
	dentry->parent = vfs_root;
	return dentry;
}

int tmpfs_open_unnamed(const char *name, loff_t size, bool reserve,
		       struct file **file)
{
	uint64_t pages = reserve ? page_align_up((uint64_t)size) >> PAGE_SHIFT
				 : 0;
	struct dentry *dentry;

	if (!overcommit_allows(pages, 0))
		return -ENOMEM;
	dentry = unnamed_dentry(name);
	if (!dentry)
		return -ENOMEM;
	dentry->inode->size = size;
	dentry->inode->nr_reserved = pages;
	overcommit_count((int64_t)pages);
	*file = file_create(dentry->inode, dentry, O_RDWR);
	dentry_put(dentry);
	return *file ? 0 : -ENOMEM;
}
